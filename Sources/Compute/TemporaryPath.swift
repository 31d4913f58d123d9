#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Names of files and folders that are there for a while and that nobody else has.
package enum TemporaryPath {
    /// A new, empty file, open for reading and writing, whose path is `beginning` with something added.
    ///
    /// - Returns: nil when it cannot be made.
    package static func makeFile(_ beginning: String = standard) -> (path: String, descriptor: Int32)? {
        var template = template(beginning)
        let descriptor = mkstemp(&template)
        return descriptor < 0 ? nil : (path(template), descriptor)
    }

    /// A new, empty folder whose path is `beginning` with something added; nil when it cannot be made.
    package static func makeFolder(_ beginning: String = standard) -> String? {
        var template = template(beginning)
        return mkdtemp(&template) == nil ? nil : path(template)
    }

    /// The beginning of paths in the folder for temporary files, `TMPDIR` or `/tmp`.
    package static var standard: String {
        (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/minference"
    }

    private static func template(_ beginning: String) -> [CChar] { Array("\(beginning)-XXXXXX".utf8CString) }

    private static func path(_ template: [CChar]) -> String {
        String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
