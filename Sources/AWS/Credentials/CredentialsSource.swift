import Transport

/// Where credentials come from: chosen from environment and profiles alone, before anything is fetched.
indirect enum CredentialsSource: Sendable {
    case fixed(AWSCredentials, origin: String)
    /// A role that other credentials may take on.
    case role(RoleRequest, with: CredentialsSource, origin: String)
    /// A role that the holder of an identity provider's token may take on.
    case webIdentity(roleARN: String, tokenFile: String, sessionName: String, origin: String)
    /// The endpoint that ECS and EKS put beside a container.
    case container(ContainerEndpoint)
    /// The metadata service of an EC2 instance.
    case instance(endpoint: HTTPURL)

    struct RoleRequest: Sendable {
        let roleARN: String
        var sessionName = "prelabel"
        var externalID: String?
        var durationSeconds = 3600
    }

    struct ContainerEndpoint: Sendable {
        let url: HTTPURL
        let token: Secret?
        /// Read anew each time: it is rotated.
        let tokenFile: String?
    }

    var origin: String {
        switch self {
        case .fixed(_, let origin), .role(_, _, let origin), .webIdentity(_, _, _, let origin): origin
        case .container: "container credentials"
        case .instance: "instance metadata"
        }
    }
}

extension CredentialsSource {
    /// The first of: keys in the environment, the profile's role, a web identity, the profile's keys, the container, the instance.
    ///
    /// - Throws: ``AWSError`` `.badSetting` for a setting that cannot be used, `.noCredentials` when no place is left.
    init(_ settings: AWSSettings) throws(AWSError) {
        if let keys = try Self.environmentKeys(settings) {
            self = keys
        } else if let profile = settings.profile, profile["role_arn"] != nil {
            self = try Self.role(of: profile, settings, seen: [])
        } else if let source = Self.webIdentity(settings) {
            self = source
        } else if let profile = settings.profile, let keys = try Self.keys(of: profile) {
            self = keys
        } else if let profile = settings.profile, let kind = Self.unsupportedKind(of: profile) {
            throw AWSError(
                .badSetting,
                "\(profile.origin) names its credentials by \(kind), which is not read here; "
                    + "`eval \"$(aws configure export-credentials --format env)\"` puts them into the environment")
        } else if let container = try Self.container(settings) {
            self = container
        } else {
            self = try Self.instance(settings)
        }
    }

    private static func environmentKeys(_ settings: AWSSettings) throws(AWSError) -> CredentialsSource? {
        guard let id = settings.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = settings.variable("AWS_SECRET_ACCESS_KEY") else {
            throw AWSError(.badSetting, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
        }
        let token = settings.variable("AWS_SESSION_TOKEN").map { Secret($0.value) }
        return .fixed(
            AWSCredentials(accessKeyID: id.value, secretAccessKey: Secret(secret.value), sessionToken: token), origin: "environment"
        )
    }

    private static func keys(of profile: ProfileFiles.Profile) throws(AWSError) -> CredentialsSource? {
        guard let id = profile["aws_access_key_id"] else { return nil }
        guard let secret = profile["aws_secret_access_key"] else {
            throw AWSError(.badSetting, "\(profile.origin) has aws_access_key_id and no aws_secret_access_key")
        }
        let token = profile["aws_session_token"].map { Secret($0) }
        return .fixed(AWSCredentials(accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token), origin: profile.origin)
    }

    private static func unsupportedKind(of profile: ProfileFiles.Profile) -> String? {
        ["credential_process", "sso_session", "sso_start_url"].first { profile[$0] != nil }
    }

    /// - Parameter seen: The profiles on the way here.
    private static func role(
        of profile: ProfileFiles.Profile, _ settings: AWSSettings, seen: Set<String>
    ) throws(AWSError) -> CredentialsSource {
        guard let roleARN = profile["role_arn"] else {
            guard let keys = try keys(of: profile) else {
                throw AWSError(.badSetting, "\(profile.origin) is a source_profile and has no keys")
            }
            return keys
        }
        guard profile["mfa_serial"] == nil else {
            throw AWSError(.badSetting, "\(profile.origin) asks for a one-time password (mfa_serial), which is not asked for here")
        }
        let sessionName = profile["role_session_name"] ?? "prelabel"
        if let tokenFile = profile["web_identity_token_file"] {
            return .webIdentity(roleARN: roleARN, tokenFile: tokenFile, sessionName: sessionName, origin: profile.origin)
        }
        var request = RoleRequest(roleARN: roleARN, sessionName: sessionName, externalID: profile["external_id"])
        if let duration = profile["duration_seconds"].flatMap({ Int($0) }) { request.durationSeconds = duration }
        return .role(request, with: try base(of: profile, settings, seen: seen), origin: profile.origin)
    }

    /// The credentials that take on a profile's role.
    private static func base(
        of profile: ProfileFiles.Profile, _ settings: AWSSettings, seen: Set<String>
    ) throws(AWSError) -> CredentialsSource {
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil):
            guard let source = settings.profiles[name] else {
                throw AWSError(.badSetting, "\(profile.origin): there is no source_profile `\(name)`")
            }
            // A profile may name itself: its keys take on its role.
            if name == profile.name, let keys = try keys(of: profile) { return keys }
            guard name != profile.name, !seen.contains(name) else {
                throw AWSError(.badSetting, "\(profile.origin): its source_profile leads back to `\(name)`")
            }
            return try role(of: source, settings, seen: seen.union([profile.name]))
        case (nil, "Environment"?):
            guard let keys = try environmentKeys(settings) else {
                throw AWSError(.badSetting, "\(profile.origin): credential_source is Environment, and there are no keys in it")
            }
            return keys
        case (nil, "Ec2InstanceMetadata"?): return try instance(settings)
        case (nil, "EcsContainer"?):
            guard let container = try container(settings) else {
                throw AWSError(.badSetting, "\(profile.origin): credential_source is EcsContainer, and this is none")
            }
            return container
        default:
            throw AWSError(
                .badSetting,
                "\(profile.origin): a role_arn needs one of source_profile and credential_source "
                    + "(Environment, Ec2InstanceMetadata, EcsContainer)")
        }
    }

    private static func webIdentity(_ settings: AWSSettings) -> CredentialsSource? {
        guard let file = settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE"), let role = settings.variable("AWS_ROLE_ARN") else {
            return nil
        }
        return .webIdentity(
            roleARN: role.value, tokenFile: file.value,
            sessionName: settings.variable("AWS_ROLE_SESSION_NAME")?.value ?? "prelabel",
            origin: "web identity of AWS_ROLE_ARN")
    }

    private static func container(_ settings: AWSSettings) throws(AWSError) -> CredentialsSource? {
        let url: HTTPURL
        do {
            if let relative = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
                url = try HTTPURL(parsing: "http://169.254.170.2\(relative.value)")
            } else if let full = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
                url = try HTTPURL(parsing: full.value)
            } else {
                return nil
            }
        } catch {
            throw AWSError(.badSetting, "the container's credentials endpoint: \(error.message)")
        }
        // A token is sent there: without TLS only to this machine and to the addresses that ECS and EKS use.
        let known: Set<String> = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost", "127.0.0.1", "::1"]
        guard url.scheme == .https || known.contains(url.host) else {
            throw AWSError(
                .badSetting, "AWS_CONTAINER_CREDENTIALS_FULL_URI names \(url.host), which is neither https nor this machine")
        }
        return .container(
            ContainerEndpoint(
                url: url, token: settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map { Secret($0.value) },
                tokenFile: settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")?.value))
    }

    private static func instance(_ settings: AWSSettings) throws(AWSError) -> CredentialsSource {
        guard settings.variable("AWS_EC2_METADATA_DISABLED")?.value.lowercased() != "true" else { throw noCredentials }
        let endpoint = settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
        do {
            return .instance(endpoint: try HTTPURL(parsing: endpoint?.value ?? "http://169.254.169.254"))
        } catch {
            throw AWSError(.badSetting, "AWS_EC2_METADATA_SERVICE_ENDPOINT: \(error.message)")
        }
    }

    static var noCredentials: AWSError {
        AWSError(
            .noCredentials,
            "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE with a profile of ~/.aws")
    }
}
