import FoundationEssentials

/// The profiles of `~/.aws/config` and `~/.aws/credentials` (AWS SDKs and tools reference, "Shared config and credentials files").
package struct ProfileFiles: Sendable {
    /// Larger files are refused.
    private static let maximumBytes = 1 << 20

    package struct Profile: Sendable {
        package let name: String
        /// Where it stands, for people.
        package let origin: String
        /// Values by lower-case key; a key of an indented block is `block.key`.
        fileprivate(set) var values: [String: String]

        package subscript(key: String) -> String? {
            values[key].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private var profiles: [String: Profile] = [:]
    /// Sections `[services NAME]`.
    private var services: [String: [String: String]] = [:]

    /// - Throws: ``AWSError`` `.badSetting` for a file that is there and cannot be read.
    package init(environment: [String: String]) throws(AWSError) {
        let home = environment["HOME"] ?? ""
        func file(_ variable: String, _ standard: String) -> String? {
            if let named = environment[variable], !named.isEmpty {
                return named.hasPrefix("~/") ? home + named.dropFirst() : named
            }
            return home.isEmpty ? nil : "\(home)/.aws/\(standard)"
        }
        if let path = file("AWS_CONFIG_FILE", "config") { try read(path, isConfig: true) }
        // What both files have counts as in this one.
        if let path = file("AWS_SHARED_CREDENTIALS_FILE", "credentials") { try read(path, isConfig: false) }
    }

    package subscript(name: String) -> Profile? { profiles[name] }

    /// The value of a service's own setting, such as `s3.endpoint_url`, in the `services` section that a profile names.
    func service(of profile: Profile, _ key: String) -> String? {
        profile["services"].flatMap { services[$0]?[key] }
    }

    private mutating func read(_ path: String, isConfig: Bool) throws(AWSError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let text = SmallFile.text(of: path, atMost: Self.maximumBytes) else {
            throw AWSError(.badSetting, "\(path) cannot be read as a file of AWS profiles")
        }
        for (section, values) in Self.sections(text) {
            let words = section.split { $0 == " " || $0 == "\t" }.map { String($0.filter { $0 != "\"" && $0 != "'" }) }
            if isConfig, words.count == 2, words[0] == "services" {
                services[words[1]] = values
            } else if let name = Self.profileName(words, isConfig: isConfig) {
                var profile = profiles[name] ?? Profile(name: name, origin: "profile \(name) of \(path)", values: [:])
                profile.values.merge(values) { $1 }
                profiles[name] = profile
            }
        }
    }

    private static func profileName(_ words: [String], isConfig: Bool) -> String? {
        guard isConfig else { return words.count == 1 ? words[0] : nil }
        if words == ["default"] { return "default" }
        return words.count == 2 && words[0] == "profile" ? words[1] : nil
    }

    private static func sections(_ text: String) -> [(name: String, values: [String: String])] {
        var sections: [(name: String, values: [String: String])] = []
        var block: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmed
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[", let end = content.firstIndex(of: "]") {
                sections.append((String(content[content.index(after: content.startIndex)..<end]), [:]))
                block = nil
                continue
            }
            guard !sections.isEmpty, let equals = content.firstIndex(of: "=") else { continue }
            let key = content[..<equals].trimmed.lowercased()
            let value = String(content[content.index(after: equals)...].trimmed)
            let isIndented = line.first == " " || line.first == "\t"
            if isIndented, let block {
                sections[sections.count - 1].values["\(block).\(key)"] = value
            } else {
                block = value.isEmpty ? key : nil
                sections[sections.count - 1].values[key] = value
            }
        }
        return sections
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...end]
    }
}
