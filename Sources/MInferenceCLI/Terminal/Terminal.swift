import Glibc

/// What standard error is: a terminal that a person watches, or a log.
enum Terminal {
    /// Whether progress may be drawn in place.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    /// The width in columns; 80 when nobody knows.
    static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Writes to standard error, for people.
    static func note(_ text: String, terminator: String = "\n") {
        var text = text + terminator
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// Writes to standard output at once, so that a reader of a pipe sees every piece as it comes.
    static func print(_ text: String, terminator: String = "\n") throws(TerminalError) {
        var text = text + terminator
        let failed = text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return errno }
                written += count
            }
            return 0
        }
        if failed != 0 { throw .cannotWrite(reason: String(cString: strerror(failed))) }
    }
}

/// Standard output is gone.
enum TerminalError: Error, CustomStringConvertible {
    case cannotWrite(reason: String)

    var description: String {
        switch self {
        case .cannotWrite(let reason): "cannot write to standard output: \(reason)"
        }
    }
}
