#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import JSON
    import NIOCore
    import NIOHTTP1
    import Serving

    extension Request {
        /// The body as JSON.
        ///
        /// - Throws: `APIError` of status 400, 408 when it takes longer than `seconds`, 413 when it is longer than `most`
        ///   bytes.
        func json(upTo most: Int, within seconds: Double) async throws -> JSONValue {
            let buffer = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
                group.addTask {
                    do {
                        return try await body.collect(upTo: most)
                    } catch is NIOTooManyBytesError {
                        throw APIError(
                            status: 413, code: "too_large",
                            message: "the body is longer than \(most) bytes, the server's limit")
                    } catch let error as HTTPParserError {
                        throw APIError(
                            status: 400, code: "malformed_request",
                            message: "the body is not what HTTP/1.1 allows: \(error)")
                    }
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(seconds))
                    throw APIError(
                        status: 408, type: "timeout_error", code: "request_timeout",
                        message: "the body was not there after \(Int(seconds)) s")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? ByteBuffer()
            }
            do {
                return try buffer.withUnsafeReadableBytes { bytes in
                    try JSONValue(parsing: bytes.assumingMemoryBound(to: UInt8.self))
                }
            } catch {
                throw APIError.notJSON("\(error)")
            }
        }
    }
#endif
