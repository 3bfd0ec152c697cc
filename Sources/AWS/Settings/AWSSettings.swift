package import Transport

/// A value, and where it comes from, for people.
package struct Sourced<Value: Sendable>: Sendable {
    package let value: Value
    package let origin: String

    package init(_ value: Value, origin: String) { (self.value, self.origin) = (value, origin) }
}

/// AWS's own settings, as its SDKs read them: environment first, then the profile, then defaults.
package struct AWSSettings: Sendable {
    package let environment: [String: String]
    package let profiles: ProfileFiles

    /// - Throws: ``AWSError`` `.badSetting` for a profile file that cannot be read, or a profile that is named and not there.
    package init(environment: [String: String]) throws(AWSError) {
        self.environment = environment
        profiles = try ProfileFiles(environment: environment)
        let name = profileName
        guard profiles[name.value] != nil || name.value == "default" else {
            throw AWSError(.badSetting, "there is no AWS profile `\(name.value)` (\(name.origin))")
        }
    }

    func variable(_ name: String) -> Sourced<String>? {
        environment[name].flatMap { $0.isEmpty ? nil : Sourced($0, origin: "environment \(name)") }
    }

    package var profileName: Sourced<String> { variable("AWS_PROFILE") ?? Sourced("default", origin: "default") }

    var profile: ProfileFiles.Profile? { profiles[profileName.value] }

    private func inProfile(_ key: String) -> Sourced<String>? {
        profile.flatMap { profile in profile[key].map { Sourced($0, origin: profile.origin) } }
    }

    /// The region that requests are signed for; `us-east-1` where none is named, which is S3's way too.
    package var region: Sourced<String> {
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? inProfile("region") ?? Sourced("us-east-1", origin: "default")
    }

    /// Where a service answers.
    ///
    /// - Parameter service: Such as `s3` or `sts`.
    /// - Throws: ``AWSError`` `.badSetting` for an endpoint that is no URL, or a region that is none.
    package func endpoint(of service: String) throws(AWSError) -> Sourced<HTTPURL> {
        let ignoresConfigured = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.value.lowercased() == "true"
        guard !ignoresConfigured, let configured = configuredEndpoint(of: service) else {
            guard Self.isRegion(region.value) else {
                throw AWSError(.badSetting, "\(region.origin): `\(region.value)` is no name of a region")
            }
            return Sourced(Self.endpoint(of: service, region: region.value), origin: "default")
        }
        do {
            var url = try HTTPURL(parsing: configured.value)
            while url.path.hasSuffix("/") { url.path.removeLast() }
            return Sourced(url, origin: configured.origin)
        } catch {
            throw AWSError(.badSetting, "\(configured.origin): \(error.message)")
        }
    }

    private func configuredEndpoint(of service: String) -> Sourced<String>? {
        let ofService = profile.flatMap { profile in
            profiles.service(of: profile, "\(service).endpoint_url").map { Sourced($0, origin: profile.origin) }
        }
        return variable("AWS_ENDPOINT_URL_\(service.uppercased())") ?? variable("AWS_ENDPOINT_URL") ?? ofService
            ?? inProfile("endpoint_url")
    }

    /// Whether a text can be a region: it becomes part of a host name, to which credentials are sent.
    static func isRegion(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    /// - Parameter region: One for which ``isRegion(_:)`` holds.
    static func endpoint(of service: String, region: String) -> HTTPURL {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return HTTPURL(scheme: .https, authority: "\(service).\(region).\(domain)", path: "")
    }

    package enum AddressingStyle: String, Sendable {
        /// `https://BUCKET.s3.REGION.amazonaws.com/KEY`
        case virtual
        /// `https://ENDPOINT/BUCKET/KEY`
        case path
    }

    /// How buckets are addressed; by default by host name at AWS and by path elsewhere.
    ///
    /// - Throws: ``AWSError`` `.badSetting` for an unknown style.
    package func addressingStyle(endpointIsDefault: Bool) throws(AWSError) -> Sourced<AddressingStyle> {
        let standard = Sourced(endpointIsDefault ? AddressingStyle.virtual : .path, origin: "default")
        guard let named = variable("PRELABEL_S3_ADDRESSING_STYLE") ?? inProfile("s3.addressing_style"), named.value != "auto" else {
            return standard
        }
        guard let style = AddressingStyle(rawValue: named.value) else {
            throw AWSError(.badSetting, "\(named.origin): the addressing style `\(named.value)` is none of path, virtual, auto")
        }
        return Sourced(style, origin: named.origin)
    }

    /// `AWS_MAX_ATTEMPTS` or the profile's `max_attempts`.
    ///
    /// - Throws: ``AWSError`` `.badSetting`.
    package func maximumAttempts() throws(AWSError) -> Sourced<Int>? {
        guard let named = variable("AWS_MAX_ATTEMPTS") ?? inProfile("max_attempts") else { return nil }
        guard let count = Int(named.value), (1...100).contains(count) else {
            throw AWSError(.badSetting, "\(named.origin): `\(named.value)` attempts, expected 1 to 100")
        }
        return Sourced(count, origin: named.origin)
    }
}
