#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import JSON
    import Logging
    import NIOCore
    import Serving

    /// Turns every error into an answer in the shape of OpenAI's API.
    struct ErrorMiddleware: RouterMiddleware {
        func handle(
            _ request: Request, context: ServerContext,
            next: (Request, ServerContext) async throws -> Response
        ) async throws -> Response {
            do {
                return try await next(request, context)
            } catch let error as APIError {
                return .json(error)
            } catch let error as HTTPError where error.status == .notFound {
                return .json(
                    APIError(
                        status: 404, code: "not_found",
                        message: "there is nothing at \(request.method) \(request.uri.path.prefix(200))"))
            } catch let error as HTTPError {
                return .json(
                    APIError(
                        status: error.status.code, code: error.status == .contentTooLarge ? "too_large" : nil,
                        message: error.body ?? error.status.reasonPhrase))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                context.logger.error("request failed", metadata: ["error": "\(error)"])
                return .json(.failed(error))
            }
        }
    }

    extension Response {
        /// A JSON text.
        static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
            Response(
                status: status, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }

        /// An error.
        static func json(_ error: APIError) -> Response {
            var response = json(error.json.text(), status: HTTPResponse.Status(code: error.status))
            if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
            if error.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
            // What of the body was not read cannot be told from the next request.
            if error.status == 408 || error.status == 413 { response.headers[.connection] = "close" }
            return response
        }
    }
#endif
