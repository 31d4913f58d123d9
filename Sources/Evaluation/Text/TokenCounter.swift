/// The number of tokens of a text, special tokens left out: the evaluated model's own tokenizer.
///
/// Texts are sized with it, so it is called a handful of times with texts of the full length.
public typealias TokenCounter = (String) -> Int
