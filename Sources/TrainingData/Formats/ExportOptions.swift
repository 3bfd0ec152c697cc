/// What an export is told beside its format.
package struct ExportOptions: Sendable {
    /// The label attribute to write, for formats that name it.
    package var attribute: String
    package var scheme: TagScheme

    package init(attribute: String, scheme: TagScheme = .bio2) { (self.attribute, self.scheme) = (attribute, scheme) }
}
