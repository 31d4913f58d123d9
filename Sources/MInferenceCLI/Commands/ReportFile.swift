import Glibc
import MInference

/// The file that `--report` names.
enum ReportFile {
    /// Throws when the file cannot be written, before any time is spent.
    static func check(_ path: String) throws(ReportFileError) {
        let existed = access(path, F_OK) == 0
        guard let file = fopen(path, "ab") else { throw failure(path) }
        fclose(file)
        if !existed { unlink(path) }
    }

    /// Writes a table, or JSON when the name ends in `.json`.
    static func write(_ report: SparsityReport?, to path: String) throws(ReportFileError) {
        let text = report.map { path.hasSuffix(".json") ? $0.json.text(pretty: true) + "\n" : $0.table } ?? ""
        guard let file = fopen(path, "wb") else { throw failure(path) }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw failure(path) }
    }

    private static func failure(_ path: String) -> ReportFileError {
        ReportFileError(path: path, reason: String(cString: strerror(errno)))
    }
}

/// A report that cannot be written.
struct ReportFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot write the report to \(path): \(reason)" }
}
