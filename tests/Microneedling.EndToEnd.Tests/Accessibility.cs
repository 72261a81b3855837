// What axe-core finds wrong with a page, as words.

using System.Text.Json;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

/// <summary>Checks a page with axe-core: WCAG 2.2 at level AA, and axe's best practices.</summary>
public static class Accessibility
{
    private const string Run =
        """
        async () => {
          const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return JSON.stringify(result.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id} (${rule.impact}): ${rule.help}: ${node.target.join(" ")} ${node.any.map(check => check.message).join(" ")}`)));
        }
        """;

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));

    /// <summary>Every violation; none when all is well.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        // Through the debugger's door: the page's own content security policy lets no foreign script in.
        await page.EvaluateAsync(Axe.Value);
        return JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Run))!;
    }
}
