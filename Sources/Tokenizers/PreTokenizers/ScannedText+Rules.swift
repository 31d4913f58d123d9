/// Alternatives that several patterns share. Each returns the end of its match at `index`, or nil.
extension ScannedText {
    /// `'s|'t|'re|'ve|'m|'ll|'d`, in any case if so asked: then U+017F, the long s, is an `s` too.
    @inline(__always)
    func contraction(at index: Int, anyCase: Bool) -> Int? {
        guard has(UInt8(ascii: "'"), at: index), index + 1 < count else { return nil }
        let fold: UInt8 = anyCase ? 0x20 : 0
        switch bytes[index + 1] | fold {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return index + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return index + 2 < count && bytes[index + 2] | fold == UInt8(ascii: "e") ? index + 3 : nil
        case UInt8(ascii: "l"):
            return index + 2 < count && bytes[index + 2] | fold == UInt8(ascii: "l") ? index + 3 : nil
        default:
            return anyCase && bytes[index + 1] == 0xC5 && bytes[index + 2] == 0xBF ? index + 3 : nil
        }
    }

    /// `\p{N}{1,limit}`
    @inline(__always)
    func numbers(at index: Int, limit: Int) -> Int? {
        var end = index
        var found = 0
        while found < limit, end < count {
            let (kind, length) = character(at: end)
            if kind != .number { break }
            end += length
            found += 1
        }
        return found > 0 ? end : nil
    }

    /// ` ?[^excluded]+`, where `excluded` contains all white space.
    @inline(__always)
    func symbols(at index: Int, excluding excluded: ScalarClass) -> Int? {
        let start = has(UInt8(ascii: " "), at: index) ? index + 1 : index
        let end = end(outside: excluded, from: start)
        return end > start ? end : nil
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first alternative only if `splitsLines`.
    ///
    /// Only to be asked at white space; with nothing there it takes one character, so that a scan always moves on.
    func whitespace(at index: Int, splitsLines: Bool) -> Int {
        var end = index
        var lastStart = index
        var lineEnd: Int?
        while end < count {
            let (kind, length) = character(at: end)
            if kind.isDisjoint(with: .whitespace) { break }
            lastStart = end
            end += length
            if kind == .lineEnd { lineEnd = end }
        }
        if splitsLines, let lineEnd { return lineEnd }
        if end == index { return index + character(at: index).length }
        // The last character of a run goes to what follows, unless it is the whole run.
        return end == count || lastStart == index ? end : lastStart
    }
}
