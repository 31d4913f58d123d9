extension TemplateInterpreter {
    /// The elements in order; equal ones keep theirs, as Python's sort does.
    func sorted<Element>(
        _ elements: [Element], by precedes: (Element, Element) throws(Failure) -> Bool
    ) throws(Failure) -> [Element] {
        var source = elements
        var target = elements
        var width = 1
        while width < source.count {
            var start = 0
            while start < source.count {
                let middle = min(start + width, source.count)
                let end = min(start + 2 * width, source.count)
                var (left, right) = (start, middle)
                for place in start..<end {
                    var takesRight = left >= middle
                    if !takesRight, right < end { takesRight = try precedes(source[right], source[left]) }
                    target[place] = source[takesRight ? right : left]
                    if takesRight { right += 1 } else { left += 1 }
                }
                start = end
            }
            swap(&source, &target)
            width *= 2
        }
        return source
    }
}
