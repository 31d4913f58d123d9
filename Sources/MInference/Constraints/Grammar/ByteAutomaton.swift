/// Reads a text byte by byte along a grammar: a pushdown automaton that is made deterministic as it goes.
///
/// A *thread* is one way to read the text so far: a byte set that waits for a byte, on a stack of what comes after it. A
/// *state* is the set of all threads. Stacks are linked lists whose cells are shared, so equal stacks have equal numbers,
/// equal states have one number, and each step from a state is found once.
package struct ByteAutomaton: Sendable {
    /// The state that nothing leads out of.
    package static let dead: Int32 = -1
    private static let unknown: Int32 = -2
    /// The stack of a text that may end here.
    private static let bottom: Int32 = -1
    /// Longer stacks are not followed. JSON takes two cells a level, so its nesting stays within what readers take.
    private static let maximumDepth: Int32 = 240
    /// A closure of more steps is given up.
    private static let maximumSteps = 20_000
    private static let manyStates = 8192

    /// What waits on a stack: part `position` of a sequence, or a repetition that still needs `position` rounds and can
    /// take `remaining` (negative: any number); below it lies `parent`.
    private struct Cell: Hashable, Sendable {
        var node: Int32
        var position: Int32 = 0
        var remaining: Int32 = 0
        var parent: Int32
    }

    private struct State: Hashable, Sendable {
        /// Cells of byte sets, ascending.
        var threads: [Int32]
        var accepts: Bool
    }

    private let grammar: ByteGrammar
    private let longestStep: Int32
    private var cells: [Cell] = []
    private var depths: [Int32] = []
    private var cellNumbers: [Cell: Int32] = [:]
    private var states: [State] = []
    private var stateNumbers: [State: Int32] = [:]
    /// 256 entries for each state.
    private var transitions: [Int32] = []
    /// Shorthands of cells and of states; see `equivalent`.
    private var shortCells: [Int32: Int32] = [:]
    private var shortStates: [Int32: Int32] = [:]
    /// The state before the first byte.
    package private(set) var start: Int32 = dead
    /// Whether a step was given up as too ambiguous: states are not to be trusted from then on.
    package private(set) var isExhausted = false

    /// An automaton for texts of `grammar`, which must be finished.
    ///
    /// - Parameter longestStep: the most bytes that anybody tries from a state; see `equivalent`.
    package init(_ grammar: ByteGrammar, longestStep: Int) {
        self.grammar = grammar
        self.longestStep = Int32(clamping: max(1, longestStep))
        start = close { automaton, work in
            automaton.enter(grammar.root, on: Self.bottom, &work)
        }
    }

    // MARK: States

    /// Whether the text may end in this state.
    package func accepts(_ state: Int32) -> Bool { state >= 0 && states[Int(state)].accepts }

    /// Whether the text must end in this state.
    package func isFinal(_ state: Int32) -> Bool { accepts(state) && states[Int(state)].threads.isEmpty }

    /// The state after a byte.
    package mutating func next(_ state: Int32, _ byte: UInt8) -> Int32 {
        guard state >= 0 else { return Self.dead }
        let slot = Int(state) << 8 | Int(byte)
        let known = transitions[slot]
        if known != Self.unknown { return known }
        let parents = states[Int(state)].threads.compactMap { thread -> Int32? in
            let cell = cells[Int(thread)]
            guard case .bytes(let set) = grammar.nodes[Int(cell.node)], set.contains(byte) else { return nil }
            return cell.parent
        }
        let next =
            parents.isEmpty
            ? Self.dead
            : close { automaton, work in for parent in parents { automaton.resume(parent, &work) } }
        transitions[slot] = next
        return next
    }

    /// A state from which the same texts of up to `longestStep` bytes can be read, and the same for many states: counts
    /// that so few bytes cannot use up are all alike.
    package mutating func equivalent(of state: Int32) -> Int32 {
        guard state >= 0 else { return state }
        if let short = shortStates[state] { return short }
        let threads = Set(states[Int(state)].threads.map { shortened($0) }).sorted()
        let short = number(of: State(threads: threads, accepts: states[Int(state)].accepts))
        shortStates[state] = short
        return short
    }

    private mutating func shortened(_ stack: Int32) -> Int32 {
        guard stack >= 0 else { return stack }
        if let short = shortCells[stack] { return short }
        var cell = cells[Int(stack)]
        if case .repetition = grammar.nodes[Int(cell.node)] {
            cell.position = min(cell.position, longestStep)
            if cell.remaining > longestStep + 1 { cell.remaining = -1 }
        }
        cell.parent = shortened(cell.parent)
        let short = number(of: cell)
        shortCells[stack] = short
        return short
    }

    /// Whether there are so many states that it is time to forget them.
    package var isLarge: Bool { states.count > Self.manyStates }

    /// Forgets all states but one; returns its new number.
    package mutating func forgetAll(but state: Int32) -> Int32 {
        var fresh = ByteAutomaton(grammar, longestStep: Int(longestStep))
        fresh.isExhausted = isExhausted
        guard state >= 0 else {
            self = fresh
            return state
        }
        func copy(_ stack: Int32) -> Int32 {
            guard stack >= 0 else { return stack }
            var cell = cells[Int(stack)]
            cell.parent = copy(cell.parent)
            return fresh.number(of: cell)
        }
        let threads = states[Int(state)].threads.map { copy($0) }.sorted()
        let number = fresh.number(of: State(threads: threads, accepts: states[Int(state)].accepts))
        self = fresh
        return number
    }

    // MARK: Steps without a byte

    /// Steps that are still to be made from nodes on stacks, and what came out so far.
    private struct Work {
        var pending: [(node: Int32, stack: Int32)] = []
        var seen: Set<UInt64> = []
        var threads: Set<Int32> = []
        var accepts = false
    }

    private mutating func close(_ begin: (inout ByteAutomaton, inout Work) -> Void) -> Int32 {
        var work = Work()
        begin(&self, &work)
        while let (node, stack) = work.pending.popLast() {
            match(node, on: stack, &work)
            if work.seen.count > Self.maximumSteps {
                isExhausted = true
                return Self.dead
            }
        }
        if work.threads.isEmpty, !work.accepts { return Self.dead }
        return number(of: State(threads: work.threads.sorted(), accepts: work.accepts))
    }

    /// Will match `node`, then go on with `stack`.
    private func enter(_ node: Int32, on stack: Int32, _ work: inout Work) {
        guard grammar.isProductive[Int(node)], stack < 0 || depths[Int(stack)] <= Self.maximumDepth else {
            return
        }
        let key = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: stack))
        if work.seen.insert(key).inserted { work.pending.append((node, stack)) }
    }

    private mutating func match(_ node: Int32, on stack: Int32, _ work: inout Work) {
        switch grammar.nodes[Int(node)] {
        case .bytes: work.threads.insert(number(of: Cell(node: node, parent: stack)))
        case .sequence: takePart(0, of: node, on: stack, &work)
        case .choice(let parts): for part in parts { enter(part, on: stack, &work) }
        case .repetition(_, let minimum, let maximum):
            takeRound(
                Cell(
                    node: node, position: Int32(clamping: minimum),
                    remaining: maximum.map { Int32(clamping: $0) } ?? -1, parent: stack), &work)
        }
    }

    /// Goes on with what lies on top of a stack.
    private mutating func resume(_ stack: Int32, _ work: inout Work) {
        guard stack >= 0 else {
            work.accepts = true
            return
        }
        let cell = cells[Int(stack)]
        if case .repetition = grammar.nodes[Int(cell.node)] {
            takeRound(cell, &work)
        } else {
            takePart(Int(cell.position), of: cell.node, on: cell.parent, &work)
        }
    }

    private mutating func takePart(_ position: Int, of node: Int32, on stack: Int32, _ work: inout Work) {
        guard case .sequence(let parts) = grammar.nodes[Int(node)], position < parts.count else {
            resume(stack, &work)
            return
        }
        // Nothing is left to remember for the last part, so lists that are said by recursion need no deeper stacks.
        let rest =
            position + 1 < parts.count
            ? number(of: Cell(node: node, position: Int32(position + 1), parent: stack)) : stack
        enter(parts[position], on: rest, &work)
    }

    private mutating func takeRound(_ cell: Cell, _ work: inout Work) {
        guard case .repetition(let part, _, _) = grammar.nodes[Int(cell.node)] else { return }
        if cell.remaining != 0 {
            var next = cell
            next.position = max(0, cell.position - 1)
            if cell.remaining > 0 { next.remaining -= 1 }
            let rest = number(of: next)
            enter(part, on: rest, &work)
        }
        if cell.position == 0 { resume(cell.parent, &work) }
    }

    // MARK: Numbers

    private mutating func number(of cell: Cell) -> Int32 {
        if let number = cellNumbers[cell] { return number }
        let number = Int32(cells.count)
        cells.append(cell)
        depths.append(cell.parent < 0 ? 1 : depths[Int(cell.parent)] + 1)
        cellNumbers[cell] = number
        return number
    }

    private mutating func number(of state: State) -> Int32 {
        if let number = stateNumbers[state] { return number }
        let number = Int32(states.count)
        states.append(state)
        stateNumbers[state] = number
        transitions.append(contentsOf: repeatElement(Self.unknown, count: 256))
        return number
    }
}
