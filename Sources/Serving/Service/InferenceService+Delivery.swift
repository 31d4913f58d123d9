import MInference
import Tokenizers

extension InferenceService {
    /// How often progress is told.
    private static let progressInterval = Duration.milliseconds(200)

    /// Tells how far a prompt is, if its client asked and was not told a moment ago.
    func tellProgress(of id: JobID, processed: Int, always: Bool) {
        guard let job = jobs[id], job.prepared.extensions.returnsProgress else { return }
        let now = ContinuousClock.now
        if !always, let last = job.lastProgress, now - last < Self.progressInterval { return }
        jobs[id]?.lastProgress = now
        job.events.yield(
            .progress(
                PromptProgress(
                    total: job.prepared.promptTokens, cached: job.summary.cachedTokens, processed: processed,
                    milliseconds: Int(seconds(since: job.prepared.arrival) * 1000))))
    }

    /// Takes down what the prompt took, when its last step is done.
    func finishPrompt(of id: JobID) async {
        let (outcome, prompt) = await model.engine.run {
            ($0.outcome(of: SequenceID(id.number)), $0.promptTokens(of: SequenceID(id.number)))
        }
        guard let job = jobs[id] else { return }
        let first = seconds(since: job.prepared.arrival)
        jobs[id]?.summary.firstTokenSeconds = first
        jobs[id]?.summary.report = outcome?.report
        if !prompt.isEmpty { job.events.yield(.prompt(prompt.compactMap(detail))) }
        observer.firstToken(id, seconds: first, prefillSeconds: job.prefillSeconds)
    }

    /// Tells a request's tokens, and ends it with the last one.
    func deliver(_ tokens: [DrawnToken], to id: JobID, isFirst: Bool) async {
        var stopped: [Int] = []
        for drawn in tokens {
            guard var job = jobs[id] else { return }
            let (piece, isStopped) = job.take(drawn, detail: detail(of: drawn))
            let now = ContinuousClock.now
            if !isFirst {
                observer.token(id, secondsSinceLast: seconds(since: job.answers[drawn.answer].lastToken))
            }
            job.answers[drawn.answer].lastToken = now
            jobs[id] = job
            if isStopped { stopped.append(drawn.answer) }
            job.events.yield(.piece(piece))
        }
        guard let job = jobs[id] else { return }
        if job.isFinished {
            await end(id, error: nil)
        } else if !stopped.isEmpty {
            let answers = stopped
            await model.engine.run { core in
                for answer in answers { core.finishAnswer(answer, of: SequenceID(id.number)) }
            }
        }
    }

    private func detail(of drawn: DrawnToken) -> TokenDetail? {
        drawn.token.map { token in
            TokenDetail(
                text: text(of: token), logProbability: drawn.logProbability,
                likeliest: drawn.likeliest.map {
                    TokenDetail.Candidate(text: text(of: $0.token), logProbability: $0.logProbability)
                })
        }
    }

    private func text(of token: Int32) -> TokenText {
        var bytes: [UInt8] = []
        model.tokenizer.appendBytes(of: Int(token), skipSpecialTokens: true, to: &bytes)
        if !bytes.isEmpty { return TokenText(bytes: bytes) }
        model.tokenizer.appendBytes(of: Int(token), skipSpecialTokens: false, to: &bytes)
        return TokenText(bytes: bytes, isSpecial: true)
    }
}
