import FoundationEssentials

/// The crowd elements as one `data:` address of a classic script, for a page that opens from disk: there a browser loads no modules
/// from other files.
///
/// The script brings an import map in which each module is a `data:` address under a bare name. Relative names would not do: inside
/// of `data:` there is nothing they could be relative to.
package struct StandaloneElements: Sendable {
    /// Stands where a template names the crowd script.
    package let scriptURL: String

    private static let entry = "crowd/elements.js"

    /// - Throws: ``ConfigurationError`` when a module is missing.
    package init(_ assets: AssetFolder) throws(ConfigurationError) {
        var modules: [(name: String, url: String)] = []
        var pending = [Self.entry]
        var seen: Set<String> = [Self.entry]
        while let name = pending.popLast() {
            let (source, imports) = try Self.withBareNames(Self.text(name, assets), of: name)
            modules.append((name, Self.dataURL(source)))
            pending += imports.filter { seen.insert($0).inserted }
        }
        modules.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let map = modules.map { #""\#(Self.prefix)\#($0.name)":"\#($0.url)""# }.joined(separator: ",")
        let loading = #/import\([^;]*\);/#
        let script = try Self.text(AssetFolder.crowdElements, assets)
        guard script.contains(loading) else {
            throw ConfigurationError("\(AssetFolder.crowdElements) does not load its modules as expected")
        }
        let insertion =
            "document.head.append(Object.assign(document.createElement(\"script\"), "
            + "{ type: \"importmap\", textContent: '{\"imports\":{\(map)}}' }));\n"
        scriptURL = Self.dataURL(insertion + script.replacing(loading, with: "import(\"\(Self.prefix)\(Self.entry)\");"))
    }

    private static let prefix = "prelabel/"

    private static func text(_ name: String, _ assets: AssetFolder) throws(ConfigurationError) -> String {
        guard let file = assets[name] else {
            throw ConfigurationError("the pages' file \(name) is missing; reinstall the program's files")
        }
        return String(decoding: file.bytes, as: UTF8.self)
    }

    private static func dataURL(_ script: String) -> String {
        "data:text/javascript;base64,\(Data(script.utf8).base64EncodedString())"
    }

    /// A module whose imports have the names of the import map, and the files that they are.
    private static func withBareNames(_ source: String, of name: String) -> (source: String, imports: [String]) {
        var imports: [String] = []
        let folder = name.prefix(upTo: name.lastIndex(of: "/") ?? name.startIndex)
        let bare = source.replacing(#/(from|import) "(\.\.?)\/([^"]+)"/#) { match in
            let file = match.output.2 == ".." ? String(match.output.3) : "\(folder)/\(match.output.3)"
            imports.append(file)
            return "\(match.output.1) \"\(prefix)\(file)\""
        }
        return (bare, imports)
    }
}
