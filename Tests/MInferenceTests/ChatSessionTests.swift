import MInference
import MInferenceTesting
import Testing

@Suite("Chat session")
struct ChatSessionTests {
    private let parameters = GenerateParameters(
        maxTokens: 16, temperature: 0, prefill: PrefillParameters(attention: DenseMethod()))

    @Test("a session answers as the model does for the whole conversation, reusing what it computed")
    func turns() async throws {
        let model = try await BundledModel.container
        let session = ChatSession(model, generateParameters: parameters)
        var turns: [ChatMessage] = []
        for (number, message) in [BundledModel.haystack, "What is the special magic number?", "And again?"]
            .enumerated()
        {
            let info = try #require(try await session.streamDetails(to: message).collect().info)
            turns.append(.user(message))
            let fresh = try #require(
                try await model.generate(.chat(turns), parameters: parameters).collect().info)
            #expect(info.tokens == fresh.tokens)
            #expect(info.promptTokens == fresh.promptTokens)
            if number > 0 { #expect(info.cachedPromptTokens > info.promptTokens / 2) }
            turns.append(.assistant(info.text))
            #expect(session.history == turns)
        }
    }

    @Test("respond and streamResponse give the whole answer")
    func forms() async throws {
        let model = try await BundledModel.container
        let answer = try await ChatSession(model, generateParameters: parameters).respond(to: "One two three")
        var pieces = ""
        for try await piece in ChatSession(model, generateParameters: parameters).streamResponse(
            to: "One two three")
        {
            pieces += piece
        }
        #expect(answer == pieces)
    }

    @Test("a given history and cleared turns count as such")
    func historyAndClear() async throws {
        let model = try await BundledModel.container
        let turns: [ChatMessage] = [.user("One two"), .assistant("three")]
        let session = ChatSession(model, history: turns, generateParameters: parameters)
        let answer = try await session.respond(to: "four")
        #expect(session.history == turns + [.user("four"), .assistant(answer)])
        session.clear()
        #expect(session.history.isEmpty)
        let info = try #require(try await session.streamDetails(to: "four").collect().info)
        #expect(info.cachedPromptTokens == 0)
    }

    @Test(
        "a second message while an answer is on its way is refused; a cancelled answer is kept as far as it came"
    )
    func busyAndCancelled() async throws {
        let model = try await BundledModel.container
        var endless = parameters
        endless.maxTokens = 100_000
        endless.ignoreEOS = true
        let session = ChatSession(model, generateParameters: endless)
        let flag = CancellationFlag()
        var text = ""
        for try await item in session.streamDetails(to: "One two three", cancellation: flag) {
            guard let piece = item.chunk else { continue }
            if text.isEmpty {
                await #expect(throws: GenerateError.sessionBusy) { try await session.respond(to: "four") }
                flag.cancel()
            }
            text += piece
        }
        #expect(session.history == [.user("One two three"), .assistant(text)])
        session.generateParameters = parameters
        _ = try await session.respond(to: "four")
        #expect(session.history.count == 4)
    }

    @Test("a message that fails is not remembered")
    func failure() async throws {
        let model = try await BundledModel.container
        var tooMany = parameters
        tooMany.maxTokens = 200_000
        let session = ChatSession(model, generateParameters: tooMany)
        await #expect(throws: GenerateError.self) { try await session.respond(to: "One") }
        #expect(session.history.isEmpty)
        session.generateParameters = parameters
        _ = try await session.respond(to: "One")
        #expect(session.history.count == 2)
    }
}
