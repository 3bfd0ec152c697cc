package import GroundTruth
package import Liquid

/// A job's own worker template: Ground Truth's Liquid, in which AWS's crowd script is ours.
package struct WorkerTemplate: Sendable {
    package let template: Template
    /// Where its scripts, styles, fonts and data may come from; `nil`: from anywhere over https.
    package let hosts: [String]?

    /// Where AWS serves the crowd elements, as templates write it; the longer forms first, as they hold the last.
    private static let crowdScripts = ["https:", "http:", ""].map { "\($0)//assets.crowd.aws/crowd-html-elements.js" }

    /// - Parameters:
    ///   - text: The template's source.
    ///   - name: What the template is called in errors.
    ///   - crowdScriptURL: What stands in the place of the address of AWS's crowd elements.
    /// - Throws: ``LiquidError`` at the first fault.
    package init(
        _ text: String, name: String, hosts: [String]? = nil,
        crowdScriptURL: String = PageRoutes.assetPath + AssetFolder.crowdElements
    ) throws(LiquidError) {
        template = try Template(
            text, name: name, replacements: Self.crowdScripts.map { TextReplacement(of: $0, with: crowdScriptURL) })
        self.hosts = hosts
    }

    /// The template's document for one task.
    ///
    /// A template is a part of a page; what a whole one begins with is put in front unless it is there.
    ///
    /// - Parameters:
    ///   - input: `task.input`.
    ///   - surroundings: What `grant_read_access` does, among others.
    /// - Returns: HTML as UTF-8.
    /// - Throws: ``LiquidError``.
    package func document(_ input: JSONValue, in surroundings: Surroundings) throws(LiquidError) -> [UInt8] {
        let value: LiquidValue
        do {
            value = try LiquidValue(input)
        } catch {
            throw LiquidError(.argument, "the task input cannot be used: \(error)")
        }
        let task = LiquidObject([(key: "input", value: value)])
        let html = try template.render(LiquidObject([(key: "task", value: .object(task))]), in: surroundings)
        return Self.document(html)
    }

    /// A whole document, in UTF-8 and without a browser's quirks.
    package static func document(_ html: [UInt8]) -> [UInt8] {
        let start = html.prefix(256).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let opening = String(decoding: start.prefix(9), as: UTF8.self).lowercased()
        guard !opening.hasPrefix("<!doctype") else { return html }
        guard !opening.hasPrefix("<html") else { return Array("<!doctype html>\n".utf8) + html }
        return Array(
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Task</title>

            """.utf8) + html
    }
}
