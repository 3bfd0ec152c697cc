package import FoundationEssentials
package import Transport

/// What calls of AWS have in common: settings, credentials, the network, and patience.
package struct AWSSession: Sendable {
    package let settings: AWSSettings
    package let credentials: any CredentialsProvider
    let caller: ServiceCaller
    let policy: RetryPolicy

    /// - Throws: ``AWSError`` `.badSetting` or `.noCredentials` when settings name no place for credentials. Nothing is fetched.
    package init(
        settings: AWSSettings, transport: any HTTPTransport, policy: RetryPolicy = RetryPolicy(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AWSError) {
        var policy = policy
        if let attempts = try settings.maximumAttempts() { policy.maximumAttempts = attempts.value }
        let caller = ServiceCaller(transport: transport, now: now)
        let source = try CredentialsSource(settings)
        let sts = STSClient(
            caller: caller, endpoint: try settings.endpoint(of: "sts").value, region: settings.region.value, policy: policy)
        let fetcher = CredentialsFetcher(transport: transport, sts: sts)
        let credentials = CachedCredentials(origin: source.origin, now: now) { () async throws(AWSError) in
            try await fetcher.fetch(source)
        }
        self.init(settings: settings, credentials: credentials, caller: caller, policy: policy)
    }

    private init(settings: AWSSettings, credentials: any CredentialsProvider, caller: ServiceCaller, policy: RetryPolicy) {
        (self.settings, self.credentials, self.caller, self.policy) = (settings, credentials, caller, policy)
    }

    /// The same, in a role that this session's credentials may take on.
    ///
    /// - Parameter sessionName: What AWS's logs call the session.
    package func acting(as roleARN: String, sessionName: String = "prelabel") throws(AWSError) -> AWSSession {
        let sts = STSClient(
            caller: caller, endpoint: try settings.endpoint(of: "sts").value, region: settings.region.value, policy: policy)
        let base = credentials
        let request = CredentialsSource.RoleRequest(roleARN: roleARN, sessionName: sessionName)
        let assumed = CachedCredentials(origin: "role \(roleARN)", now: caller.now) { () async throws(AWSError) in
            try await sts.assumeRole(request, with: try await base.credentials(rejecting: nil))
        }
        return AWSSession(settings: settings, credentials: assumed, caller: caller, policy: policy)
    }
}
