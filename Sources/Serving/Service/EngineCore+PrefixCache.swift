import MInference

extension EngineCore {
    /// A step of a prompt, with what the prefix cache gave before it.
    struct CachedStep: Sendable {
        /// The prompt's tokens that were through before it.
        var before: Int
        /// Tokens that came from the cache just before it.
        var restoredTokens: Int
        /// Where the prompt is now.
        var progress: PromptStep
    }

    /// Puts the next runs of a prompt in place as far as `cache` has them.
    ///
    /// - Returns: the tokens that came from it; 0 within a run.
    func restorePrefix(of id: SequenceID, chain: PrefixChain, cache: PrefixCache?) throws -> Int {
        guard let cache, !chain.keys.isEmpty else { return 0 }
        let start = try restore([], to: id)
        var (cached, used) = (start, 0)
        while canRestore(id), let run = chain.run(from: cached),
            let piece = cache.piece(chain.keys[...run.number]),
            try restore([(run.tokens, piece)], to: id) > cached
        {
            cached = run.tokens.upperBound
            used = run.number + 1
        }
        if used > 0 { cache.touch(chain.keys[..<used]) }
        return cached - start
    }

    /// Takes the next runs of a prompt from `cache`, does a step, and gives a run that this finished to the cache.
    ///
    /// The cache is asked again at every run: a request with the same beginning may have been faster.
    func advancePrompt(of id: SequenceID, chain: PrefixChain, cache: PrefixCache?) throws -> CachedStep {
        let restored = try restorePrefix(of: id, chain: chain, cache: cache)
        let before = processedTokens(of: id)
        let cachedBefore = try restore([], to: id)
        let step = try advancePrompt(of: id)
        if let cache, step.cachedTokens > cachedBefore, let run = chain.run(from: cachedBefore),
            run.tokens.upperBound == step.cachedTokens, !cache.contains(chain.keys[run.number]),
            let piece = try piece(of: run.tokens, in: id)
        {
            cache.insert(piece, chain: chain.keys[...run.number])
        }
        return CachedStep(before: before, restoredTokens: restored, progress: step)
    }
}
