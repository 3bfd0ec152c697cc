package import GroundTruth
package import Storage

/// What a job says of the page on which its tasks are done.
extension JobRecord {
    package var title: String { humanTask("TaskTitle")?.string ?? name }
    package var about: String { humanTask("TaskDescription")?.string ?? "" }
    package var keywords: [String] { humanTask("TaskKeywords")?.array?.compactMap(\.string) ?? [] }

    /// The URI of the job's own template; `nil` for a job with Ground Truth's own page.
    package var templateURI: String? { humanTask("UiConfig")?.present("UiTemplateS3Uri")?.string }

    /// Where the result is written.
    package var outputManifest: ObjectURI { settings.output.appending("manifests/output/output.manifest") }

    /// `instructions` of the label category file: HTML.
    package var instructions: JSONValue? {
        guard let categoriesText, let document = try? JSONScanner.parse(categoriesText.utf8) else { return nil }
        return document.present("instructions")
    }

    private func humanTask(_ member: String) -> JSONValue? { request["HumanTaskConfig"]?.present(member) }
}
