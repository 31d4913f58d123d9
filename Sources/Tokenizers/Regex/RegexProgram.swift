/// A pattern as instructions for ``RegexMatcher``.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        /// Take one character of a set.
        case set(Int)
        /// Take characters of a set, as many as there are up to a maximum, then give back one by one down to the minimum
        /// unless possessive.
        case run(set: Int, minimum: Int, maximum: Int, isPossessive: Bool)
        /// Go on at the first place, and should that fail, at the second.
        case fork(Int, Int)
        /// Go on at a place.
        case jump(Int)
        /// Match what follows, up to ``accept``, ahead; go on at `next` with nothing taken if it is there, or is not.
        case ahead(isNegated: Bool, next: Int)
        /// The same behind, where the match must end here and have a number of characters in a range.
        case behind(isNegated: Bool, widths: ClosedRange<Int>, next: Int)
        /// Match what follows, up to ``accept``; go on at `next` after the first match only.
        case atomic(next: Int)
        /// Go on if a condition holds.
        case assertion(RegexAssertion)
        /// The end of a match.
        case accept
    }

    /// More instructions are an error: a pattern with counts of counts.
    private static let limit = 20_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [CompiledScalarSet] = []

    init(_ pattern: String) throws(RegexError) {
        var parser = RegexParser(pattern)
        try emit(try parser.parse())
        instructions.append(.accept)
    }

    private mutating func emit(_ node: RegexNode) throws(RegexError) {
        if instructions.count > Self.limit {
            throw RegexError(reason: "the pattern is too long with its repetitions written out", offset: 0)
        }
        switch node {
        case .set(let set): instructions.append(.set(add(set)))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .alternatives(let parts): try emitAlternatives(parts)
        case .repetition(.set(let set), let minimum, let maximum, let greed) where greed != .lazy:
            instructions.append(
                .run(
                    set: add(set), minimum: minimum, maximum: maximum ?? .max,
                    isPossessive: greed == .possessive))
        case .repetition(let body, let minimum, let maximum, .possessive):
            try emit(.atomic(.repetition(body, minimum: minimum, maximum: maximum, .greedy)))
        case .repetition(let body, let minimum, let maximum, let greed):
            try emitRepetition(body, minimum, maximum, isLazy: greed == .lazy)
        case .look(let body, let isAhead, let isNegated):
            let width = body.width
            try emitBlock(body) { next in
                isAhead
                    ? .ahead(isNegated: isNegated, next: next)
                    : .behind(
                        isNegated: isNegated, widths: width.minimum...(width.maximum ?? width.minimum),
                        next: next)
            }
        case .atomic(let body): try emitBlock(body) { .atomic(next: $0) }
        case .assertion(let assertion): instructions.append(.assertion(assertion))
        }
    }

    private mutating func add(_ set: ScalarSet) -> Int {
        sets.append(CompiledScalarSet(set))
        return sets.count - 1
    }

    private mutating func emitAlternatives(_ parts: [RegexNode]) throws(RegexError) {
        var ends: [Int] = []
        for part in parts.dropLast() {
            let fork = placeholder()
            try emit(part)
            ends.append(placeholder())
            instructions[fork] = .fork(fork + 1, instructions.count)
        }
        if let last = parts.last { try emit(last) }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func emitRepetition(
        _ body: RegexNode, _ minimum: Int, _ maximum: Int?, isLazy: Bool
    ) throws(RegexError) {
        func fork(_ inside: Int, _ outside: Int) -> Instruction {
            isLazy ? .fork(outside, inside) : .fork(inside, outside)
        }
        for _ in 0..<minimum { try emit(body) }
        guard let maximum else {
            let start = placeholder()
            try emit(body)
            instructions.append(.jump(start))
            instructions[start] = fork(start + 1, instructions.count)
            return
        }
        var forks: [Int] = []
        for _ in minimum..<max(minimum, maximum) {
            forks.append(placeholder())
            try emit(body)
        }
        for place in forks { instructions[place] = fork(place + 1, instructions.count) }
    }

    private mutating func emitBlock(
        _ body: RegexNode, _ instruction: (Int) -> Instruction
    ) throws(RegexError) {
        let start = placeholder()
        try emit(body)
        instructions.append(.accept)
        instructions[start] = instruction(instructions.count)
    }

    private mutating func placeholder() -> Int {
        instructions.append(.accept)
        return instructions.count - 1
    }
}
