/// A file that the server hands out, part of the binary.
public struct StaticAsset: Sendable {
    /// Where it is found, such as `/` or `/page.js`.
    public let path: String
    /// Its media type, such as `text/html; charset=utf-8`.
    public let contentType: String
    /// Its bytes.
    public let bytes: [UInt8]

    /// A file.
    public init(path: String, contentType: String, bytes: [UInt8]) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
    }
}
