// What a split needs to know of WebAssembly's binary format: its sections, and the segments of its data.

/** A number in LEB128 at a place, and where it ends. */
function readNumber(bytes, at) {
    let [value, scale] = [0, 1];
    for (;;) {
        const byte = bytes[at++];
        value += (byte & 0x7f) * scale;
        scale *= 128;
        if (byte < 0x80) return [value, at];
    }
}

function writeNumber(value, isSigned = false) {
    const bytes = [];
    for (;;) {
        const byte = value % 128;
        value = Math.floor(value / 128);
        if (value === 0 && !(isSigned && byte & 0x40)) return Buffer.from([...bytes, byte]);
        bytes.push(byte | 0x80);
    }
}

const kCustom = 0;
const kCode = 10;
const kData = 11;
const kMaxGap = 256;

/** `[{id, content}]`, in order. */
export function sectionsOf(module) {
    const sections = [];
    for (let at = 8; at < module.length; ) {
        const id = module[at];
        const [length, from] = readNumber(module, at + 1);
        sections.push({ id, content: module.subarray(from, from + length) });
        at = from + length;
    }
    return sections;
}

export const moduleOf = (sections) =>
    Buffer.concat([
        Buffer.from("\0asm\x01\0\0\0", "latin1"),
        ...sections.flatMap(({ id, content }) => [Buffer.from([id]), writeNumber(content.length), content]),
    ]);

/** Without what names its functions. */
export const withoutNames = (sections) =>
    sections.filter(({ id, content }) => {
        const [length, from] = readNumber(content, 0);
        return id !== kCustom || content.subarray(from, from + length).toString() !== "name";
    });

/** `[{at, bytes}]`: what memory holds at which address. */
function segmentsOf({ content }) {
    let [count, at] = readNumber(content, 0);
    const segments = [];
    for (; count > 0; --count) {
        // Of memory 0, at a constant address: nothing else is made for programs without threads.
        if (content[at] !== 0 || content[at + 1] !== 0x41) throw new Error("a data segment of another kind");
        const [address, behind] = readNumber(content, at + 2);
        const [length, from] = readNumber(content, behind + 1);
        segments.push({ at: address, bytes: content.subarray(from, from + length) });
        at = from + length;
    }
    return segments;
}

const dataOf = (segments) => ({
    id: kData,
    content: Buffer.concat([
        writeNumber(segments.length),
        ...segments.flatMap(({ at, bytes }) => [
            Buffer.from([0, 0x41]), writeNumber(at, true), Buffer.from([0x0b]), writeNumber(bytes.length), bytes,
        ]),
    ]),
});

/** Joins segments that lie near to one another: zeros between them take less than another segment, once all is compressed. */
export function joinData(module) {
    const data = module.findIndex(({ id }) => id === kData);
    const joined = [];
    for (const { at, bytes } of segmentsOf(module[data]).sort((a, b) => a.at - b.at)) {
        const last = joined.at(-1);
        const gap = last ? at - last.at - last.bytes.length : kMaxGap;
        if (gap < kMaxGap) last.bytes = Buffer.concat([last.bytes, Buffer.alloc(gap), bytes]);
        else joined.push({ at, bytes });
    }
    module[data] = dataOf(joined);
}

/** Takes the data between two marks out of one module, and puts it into the other. */
export function moveData(from, to, begin, end) {
    const data = from.findIndex(({ id }) => id === kData);
    const segments = segmentsOf(from[data]);
    const place = segments.findIndex(({ bytes }) => bytes.includes(begin));
    if (place < 0) throw new Error(`there is no data behind “${begin}”`);
    const { at, bytes } = segments[place];
    const [first, last] = [bytes.indexOf(begin), bytes.indexOf(end) + end.length];
    if (last <= first) throw new Error(`there is no data before “${end}”`);
    segments.splice(place, 1,
        { at, bytes: bytes.subarray(0, first) },
        { at: at + last, bytes: bytes.subarray(last) });
    from[data] = dataOf(segments.filter((one) => one.bytes.length > 0));
    if (to.some(({ id }) => id === kData)) throw new Error("the other module has data of its own");
    const behind = to.findIndex(({ id }) => id === kCode) + 1;
    to.splice(behind, 0, dataOf([{ at: at + first, bytes: bytes.subarray(first, last) }]));
}
