/// How the HTTP server behaves; what its model does with requests is the service's configuration.
public struct HTTPConfiguration: Sendable {
    /// The address to listen at; the loopback address unless told otherwise.
    public var host = "127.0.0.1"
    /// The port; 0 for any free one.
    public var port = 8000
    /// Keys of which a request must bring one; none lets everybody in.
    public var apiKeys: [String] = []
    /// The most bytes of a request's body.
    public var largestBody = 32 << 20
    /// The most bytes of a request's headers.
    public var largestHeader = 32 << 10
    /// The most connections at a time.
    public var connections = 512
    /// Seconds in which a request's body must be there, and after which an idle connection is closed.
    public var readSeconds = 30.0
    /// Seconds that a client may leave what was sent to it unread.
    public var writeSeconds = 60.0
    /// Seconds that running requests have to end once the server is told to.
    public var drainSeconds = 30.0
    /// Web origins whose pages may use the API: `*` for all. None, the default, allows only pages of this server.
    public var allowedOrigins: [String] = []
    /// Whether prompts and answers are logged.
    public var logsTexts = false

    /// The defaults.
    public init() {}
}
