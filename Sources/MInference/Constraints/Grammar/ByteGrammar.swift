/// A context-free grammar over bytes, made of nodes that may refer to each other in circles.
package struct ByteGrammar: Sendable {
    /// The number of a node.
    package typealias NodeID = Int32

    /// What a node stands for.
    package enum Node: Sendable, Hashable {
        /// One byte of a set.
        case bytes(ByteSet)
        /// Nodes one after another.
        case sequence([NodeID])
        /// One of several nodes; none of them is a node that nothing matches.
        case choice([NodeID])
        /// A node again and again; without an upper bound when `maximum` is nil.
        case repetition(NodeID, minimum: Int, maximum: Int?)
    }

    /// All nodes by their numbers.
    private(set) var nodes: [Node] = []
    /// The node that a whole text matches.
    package private(set) var root: NodeID = 0
    /// For each node whether any finite text matches it.
    private(set) var isProductive: [Bool] = []
    private var numbers: [Node: NodeID] = [:]

    /// A grammar without nodes.
    package init() {}

    /// Makes `node` what a whole text must match.
    ///
    /// - Returns: Whether any text does.
    package mutating func finish(_ node: NodeID) -> Bool {
        root = node
        isProductive = [Bool](repeating: false, count: nodes.count)
        var changes = true
        while changes {
            changes = false
            for (index, node) in nodes.enumerated() where !isProductive[index] {
                let productive =
                    switch node {
                    case .bytes: true
                    case .sequence(let parts): parts.allSatisfy { isProductive[Int($0)] }
                    case .choice(let parts): parts.contains { isProductive[Int($0)] }
                    case .repetition(let part, let minimum, _): minimum == 0 || isProductive[Int(part)]
                    }
                isProductive[index] = productive
                changes = changes || productive
            }
        }
        return isProductive[Int(root)]
    }

    // MARK: Nodes

    /// A node that is said later with `define`, so that others can refer to it before.
    package mutating func reserve() -> NodeID {
        nodes.append(.choice([]))
        return NodeID(nodes.count - 1)
    }

    /// Makes a reserved node stand for another one.
    package mutating func define(_ reserved: NodeID, as node: NodeID) {
        nodes[Int(reserved)] = .choice([node])
    }

    /// The node that nothing matches.
    package var never: NodeID { mutating get { add(.choice([])) } }
    /// The node that the empty text matches.
    package var empty: NodeID { mutating get { add(.sequence([])) } }

    /// One byte of a set.
    package mutating func byte(_ set: ByteSet) -> NodeID { add(.bytes(set)) }

    /// These bytes.
    package mutating func literal(_ bytes: some Sequence<UInt8>) -> NodeID {
        sequence(bytes.map { byte(ByteSet($0...$0)) })
    }

    /// The bytes of this text.
    package mutating func literal(_ text: String) -> NodeID { literal(text.utf8) }

    /// Nodes one after another.
    package mutating func sequence(_ parts: [NodeID]) -> NodeID {
        let never = never
        if parts.contains(never) { return never }
        return parts.count == 1 ? parts[0] : add(.sequence(parts))
    }

    /// One of several nodes.
    package mutating func choice(_ parts: [NodeID]) -> NodeID {
        let never = never
        var distinct: [NodeID] = []
        for part in parts where part != never && !distinct.contains(part) { distinct.append(part) }
        return distinct.count == 1 ? distinct[0] : add(.choice(distinct))
    }

    /// A node or nothing.
    package mutating func optional(_ part: NodeID) -> NodeID { choice([part, empty]) }

    /// A node from `minimum` to `maximum` times; any number of times from `minimum` on when `maximum` is nil.
    package mutating func repetition(_ part: NodeID, _ minimum: Int = 0, _ maximum: Int? = nil) -> NodeID {
        if let maximum, maximum < minimum { return never }
        if part == never { return minimum == 0 ? empty : never }
        if maximum == 0 { return empty }
        if minimum == 1, maximum == 1 { return part }
        return add(.repetition(part, minimum: minimum, maximum: maximum))
    }

    /// `part` from `minimum` to `maximum` times with `separator` between.
    package mutating func list(
        _ part: NodeID, separator: NodeID, _ minimum: Int = 0, _ maximum: Int? = nil
    ) -> NodeID {
        if let maximum, maximum < minimum { return never }
        if maximum == 0 { return empty }
        let further = repetition(sequence([separator, part]), max(0, minimum - 1), maximum.map { $0 - 1 })
        let some = sequence([part, further])
        return minimum == 0 ? optional(some) : some
    }

    private mutating func add(_ node: Node) -> NodeID {
        if let number = numbers[node] { return number }
        nodes.append(node)
        let number = NodeID(nodes.count - 1)
        numbers[node] = number
        return number
    }
}
