#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import Serving

    /// Lets requests pass that bring one of the keys as `Authorization: Bearer KEY`.
    struct KeyMiddleware: RouterMiddleware {
        private let keys: [[UInt8]]

        init(keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

        func handle(
            _ request: Request, context: ServerContext,
            next: (Request, ServerContext) async throws -> Response
        ) async throws -> Response {
            guard isAllowed(request.headers[.authorization]) else {
                throw APIError(
                    status: 401, type: "authentication_error", code: "invalid_api_key",
                    message: "the API key is missing or wrong; send it as \"Authorization: Bearer KEY\"")
            }
            return try await next(request, context)
        }

        private func isAllowed(_ header: String?) -> Bool {
            guard let header, header.lowercased().hasPrefix("bearer ") else { return false }
            let given = Array(header.utf8.dropFirst(7))
            // Every key is compared to its end, so that the time says nothing about how much of one was right.
            return keys.reduce(false) { found, key in Self.areEqual(given, key) || found }
        }

        /// Whether two texts are equal, in a time that depends on their lengths alone.
        static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
            var difference = a.count ^ b.count
            for index in a.indices { difference |= Int(a[index] ^ (b.isEmpty ? 0 : b[index % b.count])) }
            return difference == 0
        }
    }
#endif
