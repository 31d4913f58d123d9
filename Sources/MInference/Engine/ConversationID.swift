import Synchronization

/// Names the cache of a conversation inside an engine.
package struct ConversationID: Sendable, Hashable {
    private let number: UInt64
    private static let next = Atomic<UInt64>(0)

    /// A name that no other conversation has.
    package init() { number = Self.next.add(1, ordering: .relaxed).newValue }
}
