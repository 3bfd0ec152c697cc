package import Suggestions
import Synchronization

/// Where a service keeps the model that suggests: it can be exchanged for a better one while tasks are made. A task has its suggestions from
/// one of the two, never from both.
package final class ModelSlot: Sendable {
    private let content: Mutex<Suggester>

    package init(_ suggester: Suggester) { content = Mutex(suggester) }

    package var suggester: Suggester { content.withLock { $0 } }

    /// - Returns: What was here before.
    @discardableResult
    package func exchange(for suggester: Suggester) -> Suggester {
        content.withLock { content in
            defer { content = suggester }
            return content
        }
    }
}
