import AWS
import Foundation
import LabelingJobs
import Service
import Storage
import Transport

/// What labeling jobs reach beyond this program: topics and queues, functions elsewhere, and webhooks.
enum Streams {
    static let transport = CurlTransport(settings: TransportSettings(environment: Settings.environment))

    /// AWS as the environment describes it; `nil` where it describes no credentials.
    static let session: AWSSession? = try? AWSSession(
        settings: AWSSettings(environment: Settings.environment), transport: transport)

    /// With a data folder the topics and queues of this program, else AWS's.
    static func messages(_ store: JobStore, isFolder: Bool) -> (any JobMessages)? {
        if isFolder { return LocalJobMessages(LocalMessaging(store: store, account: JobOptions.account.id)) }
        return session.map { AWSJobMessages(session: $0) }
    }

    /// Who tells topics and webhooks of finished objects.
    ///
    /// - Throws: ``ConfigurationError`` for a webhook that is no URL, or that has no secret.
    static func notices(_ engine: JobEngine) throws -> NoticeSender {
        let named: String = Settings.string("WEBHOOKS") ?? ""
        var urls: [HTTPURL] = []
        for text in named.split(whereSeparator: { $0 == "," || $0 == " " }) {
            do { urls.append(try HTTPURL(parsing: String(text))) } catch {
                throw ConfigurationError("PRELABEL_WEBHOOKS: \(error.message)")
            }
        }
        let secret = Array((Settings.string("WEBHOOK_SECRET") ?? "").utf8)
        guard urls.isEmpty || secret.count >= 16 else {
            throw ConfigurationError("PRELABEL_WEBHOOKS needs PRELABEL_WEBHOOK_SECRET, of at least 16 characters")
        }
        return NoticeSender(
            store: engine.store, messages: engine.messages, transport: transport,
            webhooks: NoticeSender.Webhooks(urls: urls, secret: secret), logger: ConsoleLog.logger())
    }
}
