/// A text that is never printed: not by interpolation, not by `dump`, not in a crash report of its owner.
package struct Secret: Hashable, Sendable {
    package let value: String
    package init(_ value: String) { self.value = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
