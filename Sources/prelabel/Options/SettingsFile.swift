import Consolidation
import Foundation
import Functions
import Suggestions

/// The configuration file: `PRELABEL_CONFIG`, else `$XDG_CONFIG_HOME/prelabel/settings`, else `~/.config/prelabel/settings`.
///
/// Lines `name = value` with the names of ``Setting``; `#` begins a comment line.
struct SettingsFile {
    let path: String
    /// By setting name.
    let values: [String: String]

    static let none = SettingsFile(path: "", values: [:])

    /// - Throws: ``CommandFailure`` with 78 for a file that is named and missing, or a line that is no setting.
    static func read(_ environment: [String: String]) throws(CommandFailure) -> SettingsFile {
        let named = environment["PRELABEL_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { "\($0)/.config" }
        guard let path = named ?? folder.map({ "\($0)/prelabel/settings" }) else { return .none }
        guard FileManager.default.fileExists(atPath: path) || named != nil else { return .none }
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure(status: .configuration, message: "the configuration file \(path) cannot be read")
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, Setting.all.contains(where: { $0.name == parts[0] }) else {
                throw CommandFailure(
                    status: .configuration,
                    message:
                        "\(path):\(index + 1): expected NAME = VALUE with one of \(Setting.all.map(\.name).joined(separator: ", "))"
                )
            }
            values[parts[0]] = parts[1]
        }
        return SettingsFile(path: path, values: values)
    }
}

/// A setting that the environment or the configuration file may hold.
struct Setting {
    /// In the file, and in the environment as `PRELABEL_` and its upper case.
    let name: String
    /// What holds without it, for people.
    let standard: String
    var isSecret = false

    var variable: String { "PRELABEL_" + name.uppercased().replacing("-", with: "_") }

    static let all = [
        Setting(name: "access-keys", standard: "none", isSecret: true),
        Setting(name: "allow-unencrypted", standard: "no"),
        Setting(name: "annotate-empty-texts", standard: "no"),
        Setting(name: "api-keys", standard: "none", isSecret: true),
        Setting(name: "assume-event-role", standard: "no"),
        Setting(name: "buckets", standard: "all that the credentials reach"),
        Setting(name: "data", standard: "none: s3:// is Amazon S3"),
        Setting(name: "home", standard: "beside the program"),
        Setting(name: "jobs", standard: ".prelabel/jobs.sqlite in the data folder"),
        Setting(name: "kms-key-id", standard: "none"),
        Setting(name: "language", standard: "eng"),
        Setting(name: "log-level", standard: "info"),
        Setting(name: "manifest", standard: "none"),
        Setting(name: "method", standard: "\(ConsolidationMethod.standard.rawValue)"),
        Setting(name: "oidc-client-id", standard: "none"),
        Setting(name: "oidc-client-secret", standard: "none", isSecret: true),
        Setting(name: "oidc-issuer", standard: "none"),
        Setting(name: "oidc-trust-mail", standard: "no"),
        Setting(name: "output", standard: "none"),
        Setting(name: "public-url", standard: "host and port of serve"),
        Setting(name: "region", standard: "abstract"),
        Setting(name: "retrain-after", standard: "never"),
        Setting(name: "root", standard: "none"),
        Setting(name: "s3-addressing-style", standard: "auto"),
        Setting(name: "store-timeout-seconds", standard: "60"),
        Setting(name: "string-booleans", standard: "no"),
        Setting(name: "suggest", standard: "no"),
        Setting(name: "suggestion-blind-share", standard: "0"),
        Setting(name: "suggestion-error-budget", standard: "none"),
        Setting(name: "suggestion-folder", standard: "none"),
        Setting(name: "suggestion-labels", standard: "the model's"),
        Setting(name: "suggestion-model", standard: SuggestionModel.standardName),
        Setting(name: "text-uri-in-metadata", standard: "yes"),
        Setting(name: "webhook-secret", standard: "none", isSecret: true),
        Setting(name: "webhooks", standard: "none"),
    ]
}
