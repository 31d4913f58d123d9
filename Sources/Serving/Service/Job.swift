import Compute
import MInference
import Tokenizers

/// A request at work: its texts so far, its stream of events.
struct Job {
    /// An answer's text and times.
    struct Answer {
        var text: AnswerText
        var lastToken: ContinuousClock.Instant
        var end: StopReason?
    }

    let prepared: PreparedJob
    let events: AsyncStream<JobEvent>.Continuation
    var answers: [Answer] = []
    var summary: JobSummary
    var lastProgress: ContinuousClock.Instant?
    /// Seconds of the prompt's own steps.
    var prefillSeconds = 0.0

    init(_ prepared: PreparedJob, events: AsyncStream<JobEvent>.Continuation, tokenizer: Tokenizer) {
        self.prepared = prepared
        self.events = events
        summary = JobSummary(promptTokens: prepared.promptTokens)
        answers = (0..<prepared.sequence.answers).map { _ in
            Answer(
                text: AnswerText(
                    tokenizer, stopStrings: prepared.stopStrings,
                    skipSpecialTokens: prepared.skipSpecialTokens), lastToken: prepared.arrival)
        }
    }

    var isCancelled: Bool { prepared.sequence.request.cancellation.isCancelled }
    var isFinished: Bool { answers.allSatisfy { $0.end != nil } }

    /// Takes a token; returns the piece to tell, and whether the engine goes on with an answer that is over.
    mutating func take(_ drawn: DrawnToken, detail: TokenDetail?) -> (piece: AnswerPiece, isStopped: Bool) {
        var text = ""
        var end = drawn.end
        if let token = drawn.token {
            summary.answerTokens += 1
            text = answers[drawn.answer].text.append(token)
        }
        let isStopped = answers[drawn.answer].text.isStopped
        if isStopped { end = .stop }
        if end != nil { text += answers[drawn.answer].text.finish() }
        answers[drawn.answer].end = end
        return (
            AnswerPiece(answer: drawn.answer, text: text, token: detail, end: end),
            isStopped && drawn.end == nil
        )
    }
}
