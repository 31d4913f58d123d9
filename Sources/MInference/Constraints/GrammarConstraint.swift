/// Keeps an answer within a byte grammar, with a set of allowed tokens for each state of its automaton.
package struct GrammarConstraint: TokenConstraint {
    private let vocabulary: ConstraintVocabulary
    private let endTokens: [Int]
    private var automaton: ByteAutomaton
    private var state: Int32
    private var written = 0
    private var hasEnded = false
    private var masks: [Int32: TokenMask] = [:]

    /// Masks of this many states are kept; then all are made anew.
    private static let cachedMasks = 1024

    /// An answer that `grammar` takes, and then one of `endTokens`.
    package init(_ grammar: ByteGrammar, vocabulary: ConstraintVocabulary, endTokens: Set<Int>) {
        self.vocabulary = vocabulary
        self.endTokens = endTokens.sorted()
        automaton = ByteAutomaton(grammar, longestStep: vocabulary.longest)
        state = automaton.start
    }

    package var isComplete: Bool { hasEnded || automaton.isFinal(state) }

    package mutating func allowedTokens() throws(ConstraintError) -> TokenMask {
        if automaton.isLarge || masks.count >= Self.cachedMasks {
            state = automaton.forgetAll(but: state)
            masks = [:]
        }
        let key = automaton.equivalent(of: state)
        if let mask = masks[key] { return mask }
        var mask = vocabulary.allowed(from: key, in: &automaton)
        if automaton.isExhausted { throw .tooComplex }
        if automaton.accepts(key) { for token in endTokens { mask[token] = true } }
        guard !mask.isEmpty else { throw .deadEnd(length: written) }
        masks[key] = mask
        return mask
    }

    package mutating func accept(_ token: Int32) {
        // An end token that is also part of the format counts as the end where both are possible.
        if automaton.accepts(state), endTokens.contains(Int(token)) {
            hasEnded = true
            return
        }
        for byte in vocabulary.bytes(of: token) {
            state = automaton.next(state, byte)
            written += 1
        }
    }
}
