package import Consolidation
package import Storage

/// How the functions work, as `PRELABEL_…` variables say.
package struct FunctionSettings: Sendable {
    package var preAnnotation = PreAnnotation.Settings()
    package var suggestions = SuggestionSettings()
    package var method = ConsolidationMethod.standard
    /// The job's input manifest, in which texts are looked up.
    package var manifest: ObjectURI?
    /// Finds a job's manifest where none is given; `nil` where objects live in a folder.
    package var jobManifests: LabelingJobManifests?
    /// Post-annotation reads with the rights of the event's `roleArn`.
    package var assumesEventRole = false

    /// Reads `PRELABEL_STRING_BOOLEANS`, `PRELABEL_TEXT_URI_IN_METADATA`, `PRELABEL_ANNOTATE_EMPTY_TEXTS`, `PRELABEL_SUGGEST`,
    /// `PRELABEL_SUGGESTION_MODEL`, `PRELABEL_SUGGESTION_LABELS`, `PRELABEL_SUGGESTION_ERROR_BUDGET`, `PRELABEL_SUGGESTION_BLIND_SHARE`, `PRELABEL_METHOD`, `PRELABEL_MANIFEST` (an `s3://` URI) and
    /// `PRELABEL_ASSUME_EVENT_ROLE`; an empty value is none.
    ///
    /// - Throws: ``SettingError`` that names the variable.
    package init(environment: [String: String]) throws(SettingError) {
        func value(_ name: String) -> String? { environment["PRELABEL_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
        func flag(_ name: String) throws(SettingError) -> Bool? {
            guard let text = value(name) else { return nil }
            guard let flag = YesNo(text) else {
                throw SettingError(message: "PRELABEL_\(name) is `\(text)`, expected 1 or 0")
            }
            return flag.isYes
        }
        func share(_ name: String) throws(SettingError) -> Double? {
            guard let text = value(name) else { return nil }
            guard let share = SuggestionSettings.share(text) else {
                throw SettingError(message: "PRELABEL_\(name) is `\(text)`, expected a number from 0 to 1")
            }
            return share
        }
        preAnnotation.stringBooleans = try flag("STRING_BOOLEANS") ?? preAnnotation.stringBooleans
        preAnnotation.textURIInMetadata = try flag("TEXT_URI_IN_METADATA") ?? preAnnotation.textURIInMetadata
        preAnnotation.annotatesEmptyTexts = try flag("ANNOTATE_EMPTY_TEXTS") ?? preAnnotation.annotatesEmptyTexts
        suggestions.isOn = try flag("SUGGEST") ?? suggestions.isOn
        suggestions.model = value("SUGGESTION_MODEL") ?? suggestions.model
        suggestions.labels = SuggestionSettings.labels(value("SUGGESTION_LABELS") ?? "")
        suggestions.errorBudget = try share("SUGGESTION_ERROR_BUDGET")
        suggestions.blindShare = BlindShare(try share("SUGGESTION_BLIND_SHARE") ?? 0)
        assumesEventRole = try flag("ASSUME_EVENT_ROLE") ?? assumesEventRole
        jobManifests = value("DATA") == nil ? LabelingJobManifests(environment: environment) : nil
        if let name = value("METHOD") {
            guard let method = ConsolidationMethod(rawValue: name) else {
                let known = ConsolidationMethod.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingError(message: "PRELABEL_METHOD is `\(name)`, expected one of \(known)")
            }
            self.method = method
        }
        if let uri = value("MANIFEST") {
            do { manifest = try ObjectURI(received: uri) } catch {
                throw SettingError(message: "PRELABEL_MANIFEST: \(error)")
            }
        }
    }
}

/// `yes` or `no`, and what else people write for them.
package struct YesNo: Sendable {
    package let isYes: Bool

    package init?(_ text: String) {
        switch text.lowercased() {
        case "1", "yes", "true", "on": isYes = true
        case "0", "no", "false", "off": isYes = false
        default: return nil
        }
    }
}

/// A setting that cannot be used.
package struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package init(message: String) { self.message = message }
    package var description: String { message }
}
