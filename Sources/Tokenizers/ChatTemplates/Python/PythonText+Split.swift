extension PythonText {
    /// `str.split(separator, limit)`: at every separator from the left, at most `limit` times.
    static func split(_ text: String, separator: String, limit: Int?) -> [String] {
        var pieces: [String] = []
        var start = 0
        for offset in offsets(of: separator, in: text, limit: limit ?? .max) {
            pieces.append(piece(text, start, offset))
            start = offset + separator.utf8.count
        }
        pieces.append(piece(text, start, text.utf8.count))
        return pieces
    }

    /// `str.rsplit(separator, limit)`: at separators from the right.
    static func splitFromRight(_ text: String, separator: String, limit: Int?) -> [String] {
        let reversed = split(reverse(text), separator: reverse(separator), limit: limit)
        return reversed.reversed().map { reverse($0) }
    }

    /// The code points in the opposite order.
    static func reverse(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.reversed())
        return String(result)
    }

    /// `str.split(None, limit)`: at runs of white space, without empty pieces.
    static func words(_ text: String, limit: Int?) -> [String] {
        var pieces: [String] = []
        let scalars = text.unicodeScalars
        var position = scalars.startIndex
        while true {
            while position < scalars.endIndex, isSpace(scalars[position]) {
                position = scalars.index(after: position)
            }
            guard position < scalars.endIndex else { return pieces }
            if let limit, pieces.count == limit {
                pieces.append(String(text[position...]))
                return pieces
            }
            let start = position
            while position < scalars.endIndex, !isSpace(scalars[position]) {
                position = scalars.index(after: position)
            }
            pieces.append(String(text[start..<position]))
        }
    }

    /// `str.splitlines(keepends)`.
    static func lines(_ text: String, keepingEnds: Bool = false) -> [String] {
        var lines: [String] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        while start < scalars.endIndex {
            let end = scalars[start...].firstIndex(where: isLineBreak) ?? scalars.endIndex
            var next = end
            if next < scalars.endIndex {
                next = scalars.index(after: end)
                if scalars[end] == "\r", next < scalars.endIndex, scalars[next] == "\n" {
                    next = scalars.index(after: next)
                }
            }
            lines.append(String(text[start..<(keepingEnds ? next : end)]))
            start = next
        }
        return lines
    }

    /// `str.replace(old, new, limit)`; an empty `old` is found around every code point.
    static func replace(_ text: String, _ old: String, with new: String, limit: Int?) -> String {
        if limit == 0 { return text }
        if old.isEmpty {
            var result = ""
            var count = 0
            for scalar in text.unicodeScalars {
                if count < limit ?? .max { result += new }
                count += 1
                result.unicodeScalars.append(scalar)
            }
            return count < limit ?? .max ? result + new : result
        }
        let pieces = split(text, separator: old, limit: limit)
        guard pieces.count > 1 else { return text }
        return join(pieces, separator: new)
    }

    /// The pieces with a separator between them.
    static func join(_ pieces: [String], separator: String) -> String {
        var result = ""
        for (index, piece) in pieces.enumerated() {
            if index > 0 { result += separator }
            result += piece
        }
        return result
    }
}
