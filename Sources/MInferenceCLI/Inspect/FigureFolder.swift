import Glibc
import JSON
import Plotting

/// A folder that figures are written to.
struct FigureFolder {
    private let path: String

    /// Makes the folder when it is not there. Throws `FigureFolderError` before any time is spent.
    init(_ path: String) throws(FigureFolderError) {
        self.path = path
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw FigureFolderError(path: path) }
        guard access(path, W_OK | X_OK) == 0 else { throw FigureFolderError(path: path) }
    }

    /// Writes NAME.png, NAME.svg and NAME.json.
    func write(_ figure: Figure, name: String, data: JSONValue) throws(FigureFolderError) {
        try write(figure.png(), to: "\(path)/\(name).png")
        try write(Array(figure.svg().utf8), to: "\(path)/\(name).svg")
        try write(Array((data.text() + "\n").utf8), to: "\(path)/\(name).json")
    }

    private func write(_ bytes: [UInt8], to path: String) throws(FigureFolderError) {
        guard let file = fopen(path, "wb") else { throw FigureFolderError(path: path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw FigureFolderError(path: path) }
    }
}

/// A figure that cannot be written.
struct FigureFolderError: Error, CustomStringConvertible {
    let path: String
    let reason = String(cString: strerror(errno))

    var description: String { "cannot write \(path): \(reason)" }
}
