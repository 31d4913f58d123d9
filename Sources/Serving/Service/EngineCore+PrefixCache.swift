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

    /// Puts the next whole chunks of a prompt in place as far as `cache` has them.
    ///
    /// - Returns: the tokens that came from it; 0 within a chunk.
    func restorePrefix(of id: SequenceID, chunk: Int, chain: [PrefixKey], cache: PrefixCache?) -> Int {
        guard let cache, !chain.isEmpty else { return 0 }
        let start = restore([], to: id)
        var cached = start
        while cached % chunk == 0, cached / chunk < chain.count, canRestore(id),
            let piece = cache.piece(chain[cached / chunk])
        {
            let restored = restore([(cached..<cached + chunk, piece)], to: id)
            guard restored > cached else { break }
            cached = restored
        }
        if cached > start { cache.touch(chain[..<(cached / chunk)]) }
        return cached - start
    }

    /// Takes the next chunks of a prompt from `cache`, does a step, and gives a chunk that this finished to the cache.
    ///
    /// The cache is asked again at every chunk: a request with the same beginning may have been faster.
    func advancePrompt(
        of id: SequenceID, chunk: Int, chain: [PrefixKey], cache: PrefixCache?
    ) throws -> CachedStep {
        let restored = restorePrefix(of: id, chunk: chunk, chain: chain, cache: cache)
        let before = processedTokens(of: id)
        let cachedBefore = restore([], to: id)
        let step = try advancePrompt(of: id)
        if let cache, step.cachedTokens > cachedBefore, step.cachedTokens % chunk == 0 {
            let number = step.cachedTokens / chunk - 1
            if number < chain.count, !cache.contains(chain[number]),
                let piece = piece(of: number * chunk..<(number + 1) * chunk, in: id)
            {
                cache.insert(piece, chain: chain[...number])
            }
        }
        return CachedStep(before: before, restoredTokens: restored, progress: step)
    }
}
