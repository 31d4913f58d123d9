import JSON
import MInference
import MInferenceTesting
import Testing

@Suite("Model container")
struct ModelContainerTests {
    private let greedy = GenerateParameters(maxTokens: 24, temperature: 0, ignoreEOS: true)

    @Test("the stream's pieces are the answer, and the information describes it")
    func stream() async throws {
        let model = try await BundledModel.container
        let (chunks, last) = try await model.generate(.raw(BundledModel.haystack), parameters: greedy)
            .collect()
        let info = try #require(last)
        #expect(chunks.joined() == info.text)
        #expect(chunks.count > 3)
        #expect(info.generatedTokens == 24)
        #expect(info.stopReason == .length)
        #expect(info.promptTokens == model.tokenizer.encode(text: BundledModel.haystack).count)
        #expect(info.cachedPromptTokens == 0)
        #expect(info.text == model.tokenizer.decode(tokenIds: info.tokens, skipSpecialTokens: true))
        #expect(info.timeToFirstToken > 0 && info.decodeTokensPerSecond > 0 && info.peakMemoryBytes > 1 << 20)
    }

    @Test("the information as JSON has the documented members")
    func json() async throws {
        let model = try await BundledModel.container
        let info = try #require(try await model.generate(.raw("One two"), parameters: greedy).collect().info)
        let members = try #require(info.json.members)
        #expect(
            members.map(\.key) == [
                "text", "tokens", "promptTokens", "cachedPromptTokens", "generatedTokens", "stopReason",
                "timeToFirstToken", "decodeTokensPerSecond", "peakMemoryBytes", "device", "dtype",
                "memoryPlan", "attention",
            ])
        #expect(info.json["stopReason"]?.string == "length")
        #expect(info.json["device"]?.string == "cpu")
        #expect(info.json["dtype"]?.string == "float32")
        #expect(info.json["attention"]?["density"]?.double == 1)
        #expect(try JSONValue(parsing: info.json.text())["generatedTokens"]?.int == 24)
    }

    @Test("text, its tokens, and no template give the same answer")
    func promptForms() async throws {
        let model = try await BundledModel.container
        let text = try await model.generate(.raw("The sky is"), parameters: greedy).collect().info?.tokens
        let tokens = try await model.generate(
            .tokens(model.tokenizer.encode(text: "The sky is")), parameters: greedy
        ).collect().info?.tokens
        #expect(text == tokens)
    }

    @Test("a stop string ends the text before it, wherever tokens end")
    func stopStrings() async throws {
        let model = try await BundledModel.container
        let free = try #require(
            try await model.generate(.raw(BundledModel.haystack), parameters: greedy).collect().info)
        let characters = Array(free.text)
        for start in stride(from: 2, to: characters.count - 5, by: 7) {
            var parameters = greedy
            let stop = String(characters[start..<start + 5])
            parameters.stopStrings = ["never in it", stop]
            let (chunks, info) = try await model.generate(
                .raw(BundledModel.haystack), parameters: parameters
            ).collect()
            let expected = free.text.prefix(upTo: try #require(free.text.firstRange(of: stop)).lowerBound)
            #expect(chunks.joined() == expected)
            #expect(info?.text == String(expected))
            #expect(info?.stopReason == .stop)
        }
    }

    @Test("a seed makes a drawn answer reproducible")
    func seeds() async throws {
        let model = try await BundledModel.container
        func draw(_ seed: UInt64?) async throws -> [Int]? {
            let parameters = GenerateParameters(maxTokens: 24, temperature: 3, seed: seed, ignoreEOS: true)
            return try await model.generate(.raw("Once upon a time"), parameters: parameters).collect().info?
                .tokens
        }
        #expect(try await draw(1) == draw(1))
        #expect(try await draw(1) != draw(2))
        #expect(try await draw(nil) != draw(nil))
    }

    @Test("a raised flag ends the answer with what there is")
    func cancel() async throws {
        let model = try await BundledModel.container
        let flag = CancellationFlag()
        var text = ""
        var info: GenerateCompletionInfo?
        let endless = GenerateParameters(ignoreEOS: true)
        for try await item in model.generate(.raw("One two three"), parameters: endless, cancellation: flag) {
            if let piece = item.chunk {
                text += piece
                flag.cancel()
            }
            if let found = item.info { info = found }
        }
        #expect(info?.stopReason == .cancelled)
        #expect(info?.text == text)
        #expect(!text.isEmpty)
    }

    @Test("whoever stops reading frees the device for the next request")
    func abandon() async throws {
        let model = try await BundledModel.container
        let endless = GenerateParameters(maxTokens: 100_000, ignoreEOS: true)
        for try await _ in model.generate(.raw("One two three"), parameters: endless) { break }
        let next = try await model.generate(.raw("One two three"), parameters: greedy).collect().info
        #expect(next?.generatedTokens == 24)
    }

    @Test("bad requests are errors of the stream")
    func errors() async throws {
        let model = try await BundledModel.container
        await #expect(throws: GenerateError.emptyPrompt) { try await model.generate(.tokens([])).collect() }
        await #expect(
            throws: GenerateError.tokenOutOfVocabulary(token: 1 << 40, position: 1, vocabularySize: 4096)
        ) {
            try await model.generate(.tokens([1, 1 << 40])).collect()
        }
        let cold = GenerateParameters(temperature: -1)
        await #expect(throws: GenerateError.self) {
            try await model.generate(.raw("a"), parameters: cold).collect()
        }
        await #expect(
            throws: GenerateError.promptTooLong(promptTokens: 1, maxTokens: 131072, positions: 131072)
        ) {
            try await model.generate(.tokens([5]), parameters: GenerateParameters(maxTokens: 131072))
                .collect()
        }
    }

    @Test("logarithms of probabilities are one per predicted token, and a fact read twice is likely")
    func logProbabilities() async throws {
        let model = try await BundledModel.container
        let fact = "The special magic number for the harbor is: 4821507. "
        let once = model.tokenizer.encode(text: fact)
        let twice = model.tokenizer.encode(text: fact + fact)
        let found = try await model.logProbabilities(.tokens(twice))
        #expect(found.count == twice.count - 1)
        #expect(found.allSatisfy { $0 <= 1e-4 && $0.isFinite })
        let first = found.prefix(once.count - 1).reduce(0, +) / Float(once.count - 1)
        let second = found.suffix(once.count - 1).reduce(0, +) / Float(once.count - 1)
        #expect(second > first)
    }
}
