#if Server
    import Checkpoints
    import Hummingbird
    import HummingbirdCore
    import JSON
    import MInference
    import Serving
    import Tokenizers

    /// `POST /tokenize` and `POST /detokenize`, in the shape of vLLM's.
    struct TokenRoutes: Sendable {
        let service: InferenceService
        let configuration: HTTPConfiguration

        func add(to router: Router<ServerContext>) {
            router.post("/tokenize", use: tokenize)
            router.post("/detokenize", use: detokenize)
        }

        @Sendable private func tokenize(_ request: Request, context: ServerContext) async throws -> Response {
            let json = try await request.json(
                upTo: configuration.largestBody, within: configuration.readSeconds)
            let fields = try RequestFields(json)
            try service.checkModel(fields.string("model"))
            let tokens: [Int]
            if let text = try fields.string("prompt") {
                tokens = service.model.tokenizer.encode(
                    text: text, addSpecialTokens: try fields.bool("add_special_tokens") ?? true)
            } else if try fields.array("messages") != nil {
                let messages = try ChatCompletionRequest(json).messages
                do {
                    tokens = try service.model.encode(.chat(messages))
                } catch {
                    throw APIError.invalid("messages", "the prompt cannot be written for the model: \(error)")
                }
            } else {
                throw APIError.invalid(
                    "prompt", "prompt or messages is required", code: "missing_required_parameter")
            }
            let answer: JSONValue = [
                "count": .int(tokens.count),
                "max_model_len": .int(service.model.configuration.maxPositionEmbeddings),
                "tokens": .array(tokens.map(JSONValue.int)),
            ]
            return .json(answer.text())
        }

        @Sendable private func detokenize(
            _ request: Request, context: ServerContext
        ) async throws -> Response {
            let fields = try RequestFields(
                await request.json(upTo: configuration.largestBody, within: configuration.readSeconds))
            try service.checkModel(fields.string("model"))
            let values = try fields.array("tokens") ?? []
            let tokens = values.compactMap(\.int)
            guard fields["tokens"] != nil, tokens.count == values.count else {
                throw APIError.invalid("tokens", "tokens must be an array of integers", code: "invalid_type")
            }
            let answer: JSONValue = ["prompt": .string(service.model.tokenizer.decode(tokenIds: tokens))]
            return .json(answer.text())
        }
    }
#endif
