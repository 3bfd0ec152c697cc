package import Annotations
package import Storage
package import Suggestions
package import SystemPackage

/// Whether tasks get suggestions, and which model makes them.
package struct SuggestionSettings: Sendable {
    package var isOn = false
    /// See ``SuggestionModel/init(named:bundled:currentFolder:store:)``.
    package var model = SuggestionModel.standardName
    /// The job's labels, to which the model's are matched by name; none: the model's own.
    package var labels: [Label] = []
    /// See ``Suggester/init(_:labels:errorBudget:)``.
    package var errorBudget: Double?
    package var blindShare = BlindShare.none
    package init() {}

    /// - Parameter names: Labels parted by commas; white space around them does not count.
    package static func labels(_ names: String) -> [Label] {
        names.split(separator: ",").map { Label($0.trimming(while: \.isWhitespace)) }.filter { !$0.name.isEmpty }
    }

    /// A share of a whole, such as `0.05`; `nil` for what is none.
    package static func share(_ text: String) -> Double? { Double(text).flatMap { (0...1).contains($0) ? $0 : nil } }

    /// - Parameters:
    ///   - bundled: The folder of the models that come with the program, where there is one.
    ///   - currentFolder: What a relative path starts from.
    /// - Returns: `nil` when suggestions are off.
    /// - Throws: `StorageError` or `SuggestionError` when the model cannot be read.
    package func suggester(bundled: FilePath?, currentFolder: FilePath, store: any ObjectStore) async throws -> Suggester? {
        guard isOn else { return nil }
        let model = try await SuggestionModel(named: model, bundled: bundled, currentFolder: currentFolder, store: store)
        return Suggester(model, labels: labels, errorBudget: errorBudget)
    }
}

extension SuggestionModel {
    /// The model that is used when none is named.
    package static let standardName = "roles-computer-science"

    /// The model that a person means: one that comes with the program, or a folder that `prelabel train` wrote.
    ///
    /// - Parameter name: The name of a bundled model's folder, else a URI or path; `./NAME` is never a bundled one.
    /// - Throws: ``SuggestionError``, or what the store throws.
    package init(named name: String, bundled: FilePath?, currentFolder: FilePath, store: any ObjectStore) async throws {
        if let bundled, !name.contains("/"),
            case .object = try await store.listing(of: .file(bundled.appending(name).appending("model")))
        {
            try await self.init(folder: .file(bundled.appending(name)), store: store)
        } else {
            try await self.init(folder: ObjectURI(typed: name, currentFolder: currentFolder), store: store)
        }
    }

    /// The model of a folder.
    package init(folder: ObjectURI, store: any ObjectStore) async throws {
        try self.init(bytes: try await store.get(folder.appending("model"), atMost: Self.maximumBytes))
    }
}

extension Substring {
    fileprivate func trimming(while isLeftOut: (Character) -> Bool) -> String {
        var rest = drop(while: isLeftOut)
        while let last = rest.last, isLeftOut(last) { rest.removeLast() }
        return String(rest)
    }
}
