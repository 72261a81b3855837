// How a command answers. A person gets lines, and on a terminal tables that are drawn anew; with --json a script gets JSON
// on standard output and nothing else, one object, or of what goes on one a line. Remarks go to standard error.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Microneedling.Cli;

/// <summary>Speaks for one command.</summary>
internal sealed class Voice(Surroundings surroundings, bool isJson)
{
    private static readonly JsonSerializerOptions OneObject = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };
    private static readonly JsonSerializerOptions OneLine = new(OneObject) { WriteIndented = false };

    private readonly Lock gate = new();

    /// <summary>Whether a script listens.</summary>
    internal bool IsJson => isJson;

    /// <summary>Whether a table can be drawn anew.</summary>
    internal bool IsLive => surroundings.IsTerminal && !isJson;

    /// <summary>Text with numbers as they are written everywhere.</summary>
    internal static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Tells the result of a command that has one.</summary>
    internal void Tell(object forScripts, IEnumerable<string> forPeople)
    {
        lock (gate)
        {
            if (isJson)
            {
                surroundings.Output.WriteLine(JsonSerializer.Serialize(forScripts, OneObject));
                return;
            }

            foreach (var line in forPeople)
            {
                surroundings.Output.WriteLine(line);
            }
        }
    }

    /// <summary>Tells one thing of many.</summary>
    /// <param name="forScripts">Becomes a line of JSON.</param>
    /// <param name="forPeople">Null: nothing for people.</param>
    internal void TellNext(object forScripts, string? forPeople)
    {
        lock (gate)
        {
            if (isJson || forPeople is not null)
            {
                surroundings.Output.WriteLine(isJson ? JsonSerializer.Serialize(forScripts, OneLine) : forPeople);
                surroundings.Output.Flush();
            }
        }
    }

    /// <summary>Says something to the person who waits.</summary>
    internal void Remark(string words)
    {
        lock (gate)
        {
            surroundings.Errors.WriteLine(words);
            surroundings.Errors.Flush();
        }
    }

    /// <summary>Asks a person; null when nobody answers any more.</summary>
    /// <param name="question">Ends without a blank.</param>
    /// <param name="ct">Gives up; a console cannot be told to.</param>
    internal async Task<string?> AskAsync(string question, CancellationToken ct)
    {
        Remark(question);
        TaskCompletionSource<string?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => answer.TrySetResult(surroundings.Input.ReadLine())) { IsBackground = true, Name = "answer" }.Start();
        return (await answer.Task.WaitAsync(ct))?.Trim();
    }

    /// <summary>Asks for a yes; everything else is a no.</summary>
    internal async Task<bool> ConfirmAsync(string question, CancellationToken ct) =>
        await AskAsync(question + " [y/N]", ct) is { } answer && (answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));

    /// <summary>The terminal that results are drawn on.</summary>
    internal IAnsiConsole Screen() => Terminal(surroundings.Output);

    /// <summary>Long work with a bar on a terminal, and lines of progress elsewhere.</summary>
    /// <param name="about">What goes on.</param>
    /// <param name="work">Gets what to call with how much is done, of how much (null: not known), and in words.</param>
    internal Task<T> WorkAsync<T>(string about, Func<Action<long, long?, string>, Task<T>> work)
    {
        if (isJson || !surroundings.ErrorsAreTerminal)
        {
            return work((_, _, words) =>
            {
                if (!isJson)
                {
                    Remark(words);
                }
            });
        }

        return Terminal(surroundings.Errors).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(about), maxValue: 1).IsIndeterminate();
                return await work((done, total, words) =>
                {
                    task.Description = Markup.Escape($"{about}: {words}");
                    if (total is > 0)
                    {
                        task.IsIndeterminate(false).MaxValue = total.Value;
                        task.Value = done;
                    }
                });
            });
    }

    private static IAnsiConsole Terminal(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(writer),
    });
}
