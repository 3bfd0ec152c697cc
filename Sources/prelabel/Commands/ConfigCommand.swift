import ArgumentParser
import AWS
import Foundation
import GroundTruth
import Storage
import Transport

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows the settings that hold here, and where each comes from.",
        discussion: """
            A setting NAME comes from the flag --NAME of a command, else from the environment (PRELABEL_ and its upper case), else from the \
            configuration file (PRELABEL_CONFIG, or ~/.config/prelabel/settings: lines NAME = VALUE), else it has its default. AWS's own \
            settings come from where its programs read them. Secrets are not shown.
            """)

    @Flag(help: "Write one JSON document.") var json = false
    @OptionGroup var storage: StoreOptions

    /// A setting that holds.
    private struct Row {
        let name: String
        let value: String
        let origin: String
    }

    func run() async throws {
        let rows = try own() + (await aws())
        if json {
            let settings = rows.map { row -> JSONOutput in
                ["name": .string(row.name), "origin": .string(row.origin), "value": .string(row.value)]
            }
            return try Terminal.write(JSONOutput.object(["settings": .array(settings)]).bytes + [0x0A])
        }
        let widths = (rows.map(\.name.count).max() ?? 0, rows.map(\.value.count).max() ?? 0)
        for row in rows {
            let name = row.name.padding(toLength: widths.0, withPad: " ", startingAt: 0)
            let value = row.value.padding(toLength: min(widths.1, max(40, row.value.count)), withPad: " ", startingAt: 0)
            try Terminal.write(line: "\(name)  \(value)  \(row.origin)")
        }
    }

    private func own() throws -> [Row] {
        let file = try Settings.file.get()
        return Setting.all.map { setting in
            func row(_ value: String, _ origin: String) -> Row {
                Row(name: setting.name, value: setting.isSecret ? "***" : value, origin: origin)
            }
            if setting.name == "data", let data = storage.data { return row(data, "flag --data") }
            if let value = ProcessInfo.processInfo.environment[setting.variable], !value.isEmpty {
                return row(value, "environment \(setting.variable)")
            }
            if let value = file.values[setting.name] { return row(value, "file \(file.path)") }
            return Row(name: setting.name, value: setting.standard, origin: "default")
        }
    }

    // MARK: AWS

    /// What cannot be used is a row too: this command is for finding out.
    private func aws() async -> [Row] {
        let settings: AWSSettings
        do { settings = try AWSSettings(environment: Settings.environment) } catch {
            return [Row(name: "aws", value: "unusable", origin: error.message)]
        }
        var rows = [
            Row(name: "aws-profile", value: settings.profileName.value, origin: settings.profileName.origin),
            Row(name: "aws-region", value: settings.region.value, origin: settings.region.origin),
        ]
        for service in ["s3", "sts"] {
            rows.append(
                row("aws-endpoint-\(service)") { () throws(AWSError) in
                    let endpoint = try settings.endpoint(of: service)
                    return Sourced(endpoint.value.redacted, origin: endpoint.origin)
                })
        }
        let certificates = TransportSettings(environment: Settings.environment).certificateFile ?? "curl's own"
        rows.append(Row(name: "certificates", value: certificates, origin: Self.certificateOrigin))
        return rows + (await credentials(settings))
    }

    private static var certificateOrigin: String {
        let variable = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"].first { !(Settings.environment[$0] ?? "").isEmpty }
        return variable.map { "environment \($0)" } ?? "default"
    }

    private func credentials(_ settings: AWSSettings) async -> [Row] {
        do {
            var policy = RetryPolicy()
            policy.deadline = .seconds(5)
            let transport = CurlTransport(settings: TransportSettings(environment: Settings.environment))
            let session = try AWSSession(settings: settings, transport: transport, policy: policy)
            let origin = session.credentials.origin
            do throws(AWSError) {
                let credentials = try await session.credentials.credentials(rejecting: nil)
                return [Row(name: "aws-access-key-id", value: credentials.redactedKeyID, origin: origin)]
            } catch {
                return [Row(name: "aws-access-key-id", value: "none", origin: "\(origin): \(error.message)")]
            }
        } catch {
            return [Row(name: "aws-access-key-id", value: "none", origin: "\(error)")]
        }
    }

    private func row(_ name: String, _ sourced: () throws(AWSError) -> Sourced<String>) -> Row {
        do throws(AWSError) {
            let value = try sourced()
            return Row(name: name, value: value.value, origin: value.origin)
        } catch {
            return Row(name: name, value: "unusable", origin: error.message)
        }
    }
}
