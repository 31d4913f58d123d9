#if Server
    import Evaluation
    import Hummingbird
    import HummingbirdCore
    import JSON
    import MInference
    import Serving
    import Tokenizers

    /// `GET /page/example?tokens=8192&seed=1`: a document for the page, with a sentence hidden in it, and the question.
    struct ExampleRoutes: Sendable {
        let service: InferenceService

        func add(to router: Router<ServerContext>) {
            router.get("/page/example") { request, _ -> Response in
                let parameters = request.uri.queryParameters
                let longest = service.model.configuration.maxPositionEmbeddings
                let tokens = try Self.number(parameters["tokens"], named: "tokens", in: 512...longest)
                let seed = try Self.number(parameters["seed"], named: "seed", in: 0...Int(Int32.max))
                return .json(try example(tokens: tokens, seed: UInt64(seed)).text())
            }
        }

        private func example(tokens: Int, seed: UInt64) throws -> JSONValue {
            let needle = Needle(
                sentence: Needle.sanFrancisco.sentence,
                question: "What is the best thing to do in San Francisco?")
            // Not near the ends, where it would be found by chance.
            let depth = Double(seed % 60 + 20)
            let document = try NeedleDocument(length: tokens, depth: depth, needle: needle, seed: seed) {
                service.model.tokenizer.encode(text: $0, addSpecialTokens: false).count
            }
            let lines = document.content.split(separator: "\n")
            return [
                "document": .string(lines.dropFirst().dropLast().joined(separator: "\n")),
                "question": .string(needle.question), "hidden": .string(needle.sentence),
                "depth": .double(document.depth), "tokens": .int(document.promptTokens),
            ]
        }

        private static func number(
            _ text: Substring?, named name: String, in range: ClosedRange<Int>
        ) throws(APIError) -> Int {
            guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
                throw .invalid(
                    name, "\(name) must be between \(range.lowerBound) and \(range.upperBound)",
                    code: "invalid_value")
            }
            return number
        }
    }
#endif
