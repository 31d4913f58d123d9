import JSON

/// What a client is told when a request fails, in the shape that clients of OpenAI's API know.
package struct APIError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The HTTP status.
    package var status: Int
    /// The class of the error, such as `invalid_request_error`.
    package var type: String
    /// The member of the request that is wrong, as a path such as `messages[0].role`.
    package var parameter: String?
    /// A word for programs.
    package var code: String?
    /// One line for people: what is wrong, what was expected, what to do.
    package var message: String
    /// Seconds after which the same request may succeed.
    package var retryAfter: Int?

    /// An error.
    package init(
        status: Int, type: String = "invalid_request_error", parameter: String? = nil, code: String? = nil,
        message: String, retryAfter: Int? = nil
    ) {
        self.status = status
        self.type = type
        self.parameter = parameter
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }

    /// `{"error": {message, type, param, code}}`.
    package var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map(JSONValue.string) ?? .null,
                "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}

extension APIError {
    /// A member of the request that is not what it should be.
    package static func invalid(_ parameter: String, _ message: String, code: String? = nil) -> APIError {
        APIError(status: 400, parameter: parameter, code: code, message: message)
    }

    /// The body is no JSON.
    package static func notJSON(_ reason: String) -> APIError {
        APIError(
            status: 400, code: "invalid_json",
            message: "the request's body is not the JSON expected: \(reason)")
    }

    /// No model of this name is served.
    package static func unknownModel(_ name: String, served: String) -> APIError {
        APIError(
            status: 404, parameter: "model", code: "model_not_found",
            message: "the model \"\(name)\" is not served here; use \"\(served)\"")
    }

    /// Nothing can be taken on now.
    package static func overloaded(_ reason: String, retryAfter: Int) -> APIError {
        APIError(
            status: 429, type: "rate_limit_error", code: "overloaded",
            message: "\(reason); try again in \(retryAfter) s", retryAfter: retryAfter)
    }

    /// The server is about to end.
    package static let draining = APIError(
        status: 503, type: "server_error", code: "shutting_down",
        message: "the server is shutting down; try another one, or again later", retryAfter: 10)

    /// The request took longer than it may.
    package static func timedOut(seconds: Double) -> APIError {
        APIError(
            status: 408, type: "timeout_error", code: "request_timeout",
            message: "the request was not done after \(Int(seconds)) s, the server's limit")
    }

    /// Something went wrong that is not the client's fault.
    package static func failed(_ error: any Error) -> APIError {
        APIError(status: 500, type: "server_error", code: "internal_error", message: "\(error)")
    }
}
