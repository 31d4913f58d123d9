#if Server
    import Hummingbird
    import HummingbirdCore
    import JSON
    import Logging
    import MInference
    import Serving
    import Tokenizers

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #else
        import Darwin
    #endif

    /// `POST /v1/chat/completions` and `POST /v1/completions`.
    struct CompletionRoutes: Sendable {
        let service: InferenceService
        let configuration: HTTPConfiguration

        func add(to router: Router<ServerContext>) {
            router.post("/v1/chat/completions", use: chat)
            router.post("/v1/completions", use: text)
        }

        @Sendable private func chat(_ request: Request, context: ServerContext) async throws -> Response {
            let chat = try ChatCompletionRequest(await read(request))
            try service.checkModel(chat.sampling.model)
            logText(context) { "\(chat.messages)" }
            var inference = InferenceRequest(
                prompt: .chat(chat.messages, tools: chat.rules.offeredTools), sampling: chat.sampling,
                logProbabilities: chat.logProbabilities)
            try chat.rules.apply(to: &inference.parameters, model: service.model)
            let calls = try chat.rules.toolCallFormat(of: service.model)
            let prepared = try service.prepare(
                inference, cancellation: context.cancellationOnDisconnect())
            let events = try await service.submit(prepared)
            var answer = ChatAnswer(chat, identity: identity("chatcmpl-"), calls: calls)
            guard !chat.sampling.stream else { return stream(events, answer: answer, of: chat) }
            let summary = try await Self.finish(events, piece: { answer.append($0) })
            return .json(answer.json(summary).text())
        }

        private func stream(
            _ events: AsyncStream<JobEvent>, answer: ChatAnswer, of chat: ChatCompletionRequest
        ) -> Response {
            EventStream.response { stream in
                var answer = answer
                for index in 0..<chat.sampling.answers { try await stream.send(answer.opening(index)) }
                let summary = try await Self.finish(events) { progress in
                    try await stream.send(answer.event(progress))
                } piece: { piece in
                    for event in answer.events(piece) { try await stream.send(event) }
                }
                for event in answer.closing(summary) { try await stream.send(event) }
            }
        }

        @Sendable private func text(_ request: Request, context: ServerContext) async throws -> Response {
            let completion = try TextCompletionRequest(await read(request))
            try service.checkModel(completion.sampling.model)
            logText(context) { "\(completion.prompts)" }
            let flag = context.cancellationOnDisconnect()
            let prepared = try completion.prompts.map { prompt in
                try service.prepare(
                    InferenceRequest(
                        prompt: prompt.forModel, sampling: completion.sampling,
                        logProbabilities: completion.logProbabilities,
                        tellsPrompt: completion.tellsPrompts, promptParameter: "prompt"),
                    cancellation: flag)
            }
            var jobs: [AsyncStream<JobEvent>] = []
            for job in prepared { jobs.append(try await service.submit(job)) }
            let echoes = completion.echo ? completion.prompts.map { $0.text(service.model) } : []
            var answer = TextAnswer(completion, identity: identity("cmpl-"), echoes: echoes)
            guard !completion.sampling.stream else { return stream(jobs, answer: answer) }
            for (prompt, events) in jobs.enumerated() {
                let summary = try await Self.finish(
                    events,
                    prompt: { tokens in
                        answer.append(tokens: tokens, prompt: prompt)
                    }
                ) { piece in
                    answer.append(piece, prompt: prompt)
                }
                answer.append(summary)
            }
            return .json(answer.json.text())
        }

        private func stream(_ jobs: [AsyncStream<JobEvent>], answer: TextAnswer) -> Response {
            EventStream.response { stream in
                var answer = answer
                for event in answer.openings { try await stream.send(event) }
                for (prompt, events) in jobs.enumerated() {
                    let summary = try await Self.finish(events) { progress in
                        try await stream.send(answer.event(progress))
                    } prompt: { tokens in
                        for event in answer.take(tokens: tokens, prompt: prompt) {
                            try await stream.send(event)
                        }
                    } piece: { piece in
                        if let event = answer.take(piece, prompt: prompt) { try await stream.send(event) }
                    }
                    answer.append(summary)
                }
                for event in answer.closing { try await stream.send(event) }
            }
        }

        // MARK: Steps

        private func read(_ request: Request) async throws -> JSONValue {
            try await request.json(upTo: configuration.largestBody, within: configuration.readSeconds)
        }

        private func identity(_ prefix: String) -> AnswerIdentity {
            AnswerIdentity(
                prefix: prefix, created: Int(time(nil)), model: service.configuration.modelName)
        }

        private func logText(_ context: ServerContext, _ text: () -> String) {
            if configuration.logsTexts { context.logger.info("prompt", metadata: ["text": "\(text())"]) }
        }

        /// Hands out what happens until the end.
        ///
        /// - Throws: what failed, or `CancellationError` when the client left.
        private static func finish(
            _ events: AsyncStream<JobEvent>, progress: (PromptProgress) async throws -> Void = { _ in },
            prompt: ([TokenDetail]) async throws -> Void = { _ in },
            piece: (AnswerPiece) async throws -> Void
        ) async throws -> JobSummary {
            for await event in events {
                switch event {
                case .progress(let value): try await progress(value)
                case .prompt(let tokens): try await prompt(tokens)
                case .piece(let value): try await piece(value)
                case .done(let summary): return summary
                case .failed(let error): throw error
                }
            }
            throw CancellationError()
        }
    }

    extension TextCompletionRequest.Prompt {
        fileprivate var forModel: MInference.Prompt {
            switch self {
            case .text(let text): .raw(text)
            case .tokens(let tokens): .tokens(tokens)
            }
        }

        fileprivate func text(_ model: ModelContainer) -> String {
            switch self {
            case .text(let text): text
            case .tokens(let tokens): model.tokenizer.decode(tokenIds: tokens)
            }
        }
    }

    extension InferenceService {
        /// Checks the name of the model that a request asks for; none is fine.
        nonisolated func checkModel(_ name: String?) throws(APIError) {
            guard let name, name != configuration.modelName else { return }
            throw .unknownModel(name, served: configuration.modelName)
        }
    }
#endif
