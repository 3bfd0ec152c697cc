package import Storage

/// Hears of what jobs write, such as one who learns from it.
package protocol OutputListener: Sendable {
    /// A job whose labels are spans wrote its output manifest. The engine waits: return at once.
    ///
    /// - Parameters:
    ///   - attribute: The job's label attribute.
    ///   - labeled: Objects that the job has labeled.
    func outputWasWritten(to manifest: ObjectURI, attribute: String, labeled: Int) async
}
