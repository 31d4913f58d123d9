import Compute
import Synchronization
import Tokenizers

/// A conversation with a model that remembers its turns and what was computed for them.
///
///     let session = ChatSession(model, instructions: "Answer briefly.")
///     print(try await session.respond(to: "What is a needle in a haystack?"))
///     for try await piece in session.streamResponse(to: "And where is it?") { print(piece, terminator: "") }
///
/// Each turn runs the tokens only that differ from what the last turn left in the cache. A session answers one message
/// at a time.
public final class ChatSession: Sendable {
    private struct State {
        var turns: [ChatMessage]
        var parameters: GenerateParameters
        var conversation = ConversationID()
        var isBusy = false
    }

    /// The model that answers.
    public let model: ModelContainer
    /// What the model is told before the conversation.
    public let instructions: String?
    private let state: Mutex<State>

    /// A conversation with `model`.
    ///
    /// - Parameters:
    ///   - model: who answers.
    ///   - instructions: the system message, if any.
    ///   - history: turns that took place already, without the system message.
    ///   - generateParameters: how answers are generated.
    public init(
        _ model: ModelContainer, instructions: String? = nil, history: [ChatMessage] = [],
        generateParameters: GenerateParameters = GenerateParameters()
    ) {
        self.model = model
        self.instructions = instructions
        state = Mutex(State(turns: history, parameters: generateParameters))
    }

    deinit { release(state.withLock { $0.conversation }) }

    /// The turns so far, without the system message.
    public var history: [ChatMessage] { state.withLock { $0.turns } }

    /// How answers are generated; a change holds from the next message on.
    public var generateParameters: GenerateParameters {
        get { state.withLock { $0.parameters } }
        set { state.withLock { $0.parameters = newValue } }
    }

    /// Forgets all turns and frees their cache; an answer that is on its way is not remembered.
    public func clear() {
        let old = state.withLock { state in
            defer {
                state.turns = []
                state.conversation = ConversationID()
            }
            return state.conversation
        }
        release(old)
    }

    // MARK: Answers

    /// The whole answer to a message.
    ///
    /// - Throws: as `streamDetails`, and `CancellationError` when the task is cancelled.
    public func respond(to message: String) async throws -> String {
        var text = ""
        for try await piece in streamResponse(to: message) { text += piece }
        try Task.checkCancellation()
        return text
    }

    /// The answer to a message, piece by piece.
    public func streamResponse(to message: String) -> AsyncThrowingStream<String, any Error> {
        let details = streamDetails(to: message)
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    for try await item in details { if let text = item.chunk { continuation.yield(text) } }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The answer to a message piece by piece, and last its information.
    ///
    /// The turn is remembered when the answer ends. A cancelled answer is remembered as far as it came; a message that
    /// got none, or an error, is not.
    ///
    /// - Parameters:
    ///   - message: what to answer.
    ///   - cancellation: ends the answer when raised; see `ModelContainer.generate`.
    /// - Returns: A stream that throws `GenerateError`, `ComputeError`, `PatternsError` or the template's error.
    public func streamDetails(
        to message: String, cancellation: CancellationFlag = CancellationFlag()
    ) -> AsyncThrowingStream<Generation, any Error> {
        let begun = state.withLock { state -> State? in
            guard !state.isBusy else { return nil }
            state.isBusy = true
            return state
        }
        guard let begun else { return AsyncThrowingStream { $0.finish(throwing: GenerateError.sessionBusy) } }
        let turns = begun.turns + [.user(message)]
        return model.stream(
            .chat((instructions.map { [.system($0)] } ?? []) + turns), parameters: begun.parameters,
            conversation: begun.conversation, cancellation: cancellation
        ) { info in
            self.state.withLock { state in
                state.isBusy = false
                guard let info, state.conversation == begun.conversation else { return }
                guard info.stopReason != .cancelled || !info.tokens.isEmpty else { return }
                state.turns = turns + [.assistant(info.text)]
            }
        }
    }

    private func release(_ conversation: ConversationID) {
        let engine = model.engine
        Task { await engine.run { $0.forget(conversation) } }
    }
}
