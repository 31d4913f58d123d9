/// Asks for the vertical-slash index of one head.
public struct VerticalSlashRequest: Sendable, Hashable {
    /// The query head.
    public var head: Int
    /// How much to keep.
    public var budget: VerticalSlashBudget

    /// A request.
    public init(head: Int, budget: VerticalSlashBudget) {
        self.head = head
        self.budget = budget
    }
}
