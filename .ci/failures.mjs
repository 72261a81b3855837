// Lists the tests that failed in the given .trx files: the name, what it said, where.
import { readFileSync } from 'node:fs';

const LINES = 12;
const text = escaped => escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replace(/&#x?[0-9a-f]+;/gi, ' ').replaceAll('&amp;', '&');
const first = (source, pattern) => text(source.match(pattern)?.[1] ?? '').trim().split('\n').slice(0, LINES).join('\n    ');

for (const file of process.argv.slice(2)) {
    for (const [result] of readFileSync(file, 'utf8').matchAll(/<UnitTestResult [^>]*outcome="Failed"[\s\S]*?<\/UnitTestResult>/g)) {
        console.log(first(result, /testName="([^"]*)"/));
        console.log(`    ${first(result, /<Message>([\s\S]*?)<\/Message>/)}`);
        console.log(`    ${first(result, /<StackTrace>([\s\S]*?)<\/StackTrace>/)}`);
    }
}
