#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import Serving

    /// Keeps web pages of other origins from using the server, but for those that were allowed.
    ///
    /// Browsers tell the origin of a page; programs tell none and pass. A server at the loopback address also refuses
    /// pages that reach it under another name, which an attacker's name server could point here.
    struct OriginMiddleware: RouterMiddleware {
        let allowed: [String]
        let isLoopback: Bool

        func handle(
            _ request: Request, context: ServerContext,
            next: (Request, ServerContext) async throws -> Response
        ) async throws -> Response {
            guard let origin = request.headers[.origin] else { return try await next(request, context) }
            guard !isOwn(origin, host: request.head.authority) else {
                return try await next(request, context)
            }
            guard allowed.contains("*") || allowed.contains(origin) else {
                throw APIError(
                    status: 403, type: "permission_error", code: "origin_not_allowed",
                    message:
                        "pages of \(origin.prefix(200)) may not use this server; start it with --allow-origin"
                )
            }
            var response =
                request.method == .options ? Response(status: .noContent) : try await next(request, context)
            response.headers[.accessControlAllowOrigin] = allowed.contains("*") ? "*" : origin
            response.headers[.vary] = "Origin"
            if request.method == .options {
                response.headers[.accessControlAllowMethods] = "GET, POST, OPTIONS"
                response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type"
                response.headers[.accessControlMaxAge] = "600"
            }
            return response
        }

        /// Whether a page of `origin` came from this server, as far as `host`, the name it was reached by, says.
        private func isOwn(_ origin: String, host: String?) -> Bool {
            guard let host, origin == "http://\(host)" || origin == "https://\(host)" else { return false }
            guard isLoopback else { return true }
            let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
            return ["localhost", "127.0.0.1", "[::1]"].contains(String(name))
        }
    }
#endif
