/** A rule to begin with: something that most hand-written servers have. */
export const starterRules = `[[rules]]
id = "compact-json"
message = "json.dumps($VALUE) puts blanks into answers"
pattern = "json.dumps($VALUE)"
replace = "json.dumps($VALUE, separators=(',', ':'))"
safety = "unsafe"
reason = "changes-bytes"
`;
