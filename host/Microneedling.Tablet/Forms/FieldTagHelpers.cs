// The fields of forms, each with its label, its hint and its error tied to the input, and the summary of errors. Values
// and errors come from the page's entries, so that a form is written as a list of fields.

using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Microneedling.Tablet.Forms;

/// <summary>Something to choose.</summary>
/// <param name="Value">What is posted.</param>
/// <param name="Words">What is read.</param>
/// <param name="Hint">What is read below it in small, or null.</param>
public sealed record Choice(string Value, string Words, string? Hint = null);

/// <summary>What fields have in common.</summary>
public abstract class FieldTagHelper : TagHelper
{
    /// <summary>Name of the entry.</summary>
    public string Name { get; set; } = "";

    /// <summary>The label.</summary>
    public string Label { get; set; } = "";

    /// <summary>What to enter, or null.</summary>
    public string? Hint { get; set; }

    /// <summary>The view, set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    /// <summary>The entries of the page's form.</summary>
    protected FormEntries Form => ((FormPage)View.ViewData.Model!).Form;

    /// <summary>What is wrong, or null.</summary>
    protected string? Error => Form.ErrorOf(Name);

    /// <summary>An element with attributes; those that are null are left out.</summary>
    internal static TagBuilder Element(string name, string? text = null, params (string Name, string? Value)[] attributes)
    {
        var element = new TagBuilder(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                element.Attributes[attribute] = value;
            }
        }

        if (text is not null)
        {
            element.InnerHtml.Append(text);
        }

        return element;
    }

    /// <summary>Begins the field's frame, and says its label for the summary.</summary>
    protected void Frame(TagHelperOutput output, string element, string cssClass)
    {
        Form.Labels[Name] = Label;
        output.TagName = element;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Error is null ? cssClass : cssClass + " wrong");
    }

    /// <summary>Adds hint and error.</summary>
    protected void AppendRemarks(TagHelperOutput output)
    {
        if (Hint is not null)
        {
            output.Content.AppendHtml(Element("p", Hint, ("class", "hint"), ("id", Name + "-hint")));
        }

        if (Error is not null)
        {
            output.Content.AppendHtml(Element("p", Error, ("class", "error"), ("id", Name + "-error")));
        }
    }

    /// <summary>Ids of hint and error, for <c>aria-describedby</c>; null: neither is there.</summary>
    protected string? DescribedBy() => (Hint, Error) switch
    {
        (null, null) => null,
        (_, null) => Name + "-hint",
        (null, _) => Name + "-error",
        _ => $"{Name}-hint {Name}-error",
    };
}

/// <summary>A text, number, day or PIN.</summary>
[HtmlTargetElement("text-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TextFieldTagHelper : FieldTagHelper
{
    /// <summary>Type of the input: <c>text</c>, <c>whole</c>, <c>decimal</c>, <c>date</c>, <c>pin</c>, <c>lines</c>.</summary>
    public string Kind { get; set; } = "text";

    /// <summary>Most characters.</summary>
    public int Most { get; set; } = 60;

    /// <summary>Lines shown of a longer text.</summary>
    public int Rows { get; set; } = 4;

    /// <summary>Offered to choose from while typing.</summary>
    public IReadOnlyList<string> Offered { get; set; } = [];

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Frame(output, "div", "field kind-" + Kind);
        output.Content.AppendHtml(Element("label", Label, ("for", Name))).AppendHtml(Input());
        AppendRemarks(output);
    }

    private HtmlContentBuilder Input()
    {
        (string, string?)[] common =
        [
            ("id", Name), ("name", Name), ("aria-describedby", DescribedBy()), ("aria-invalid", Error is null ? null : "true"), ("autocomplete", "off"),
        ];
        if (Kind == "lines")
        {
            // A line break right after the start tag belongs to the tag, not to the text.
            return Joined(Element(
                "textarea", "\n" + Form[Name], [.. common, ("rows", Rows.ToString(CultureInfo.InvariantCulture)), ("maxlength", Most.ToString(CultureInfo.InvariantCulture))]));
        }

        var input = Element("input", null, [
            .. common,
            ("type", Kind switch { "date" => "date", "pin" => "password", _ => "text" }),
            ("inputmode", Kind switch { "whole" or "pin" => "numeric", "decimal" => "decimal", _ => null }),
            ("maxlength", Kind == "date" ? null : Most.ToString(CultureInfo.InvariantCulture)),
            ("list", Offered.Count > 0 ? Name + "-offered" : null),
            ("value", Kind == "pin" ? null : Form[Name]),
        ]);
        input.TagRenderMode = TagRenderMode.SelfClosing;
        if (Offered.Count == 0)
        {
            return Joined(input);
        }

        var list = Element("datalist", null, ("id", Name + "-offered"));
        foreach (string value in Offered)
        {
            list.InnerHtml.AppendHtml(Element("option", null, ("value", value)));
        }

        return Joined(input, list);
    }

    private static HtmlContentBuilder Joined(params TagBuilder[] parts)
    {
        var joined = new HtmlContentBuilder();
        foreach (var part in parts)
        {
            joined.AppendHtml(part);
        }

        return joined;
    }
}

/// <summary>One or more of several, as large targets that are all visible.</summary>
[HtmlTargetElement("choice-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChoiceFieldTagHelper : FieldTagHelper
{
    /// <summary>What there is to choose.</summary>
    public IReadOnlyList<Choice> Choices { get; set; } = [];

    /// <summary>Whether several may be chosen.</summary>
    public bool Several { get; set; }

    /// <summary>How they stand: <c>row</c>, <c>column</c> or <c>grid</c>.</summary>
    public string Look { get; set; } = "row";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Frame(output, "fieldset", "field");
        output.Attributes.SetAttribute("id", Name);
        output.Attributes.SetAttribute("tabindex", "-1");
        if (DescribedBy() is { } remarks)
        {
            output.Attributes.SetAttribute("aria-describedby", remarks);
        }

        output.Content.AppendHtml(Element("legend", Label));
        AppendRemarks(output);
        var choices = Element("div", null, ("class", "choices " + Look));
        for (int index = 0; index < Choices.Count; index++)
        {
            var (value, words, hint) = Choices[index];
            string id = string.Create(CultureInfo.InvariantCulture, $"{Name}-{index}");
            var input = Element(
                "input", null, ("type", Several ? "checkbox" : "radio"), ("id", id), ("name", Name), ("value", value),
                ("checked", Form.All(Name).Contains(value) ? "checked" : null));
            input.TagRenderMode = TagRenderMode.SelfClosing;
            var label = Element("label", null, ("for", id), ("data-value", value));
            label.InnerHtml.AppendHtml(input).AppendHtml(Element("span", words));
            if (hint is not null)
            {
                label.InnerHtml.AppendHtml(Element("small", hint));
            }

            choices.InnerHtml.AppendHtml(label);
        }

        output.Content.AppendHtml(choices);
    }
}

/// <summary>One of many, in a list that opens.</summary>
[HtmlTargetElement("select-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SelectFieldTagHelper : FieldTagHelper
{
    /// <summary>What there is to choose.</summary>
    public IReadOnlyList<Choice> Choices { get; set; } = [];

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Frame(output, "div", "field");
        var select = Element("select", null, ("id", Name), ("name", Name), ("aria-describedby", DescribedBy()), ("aria-invalid", Error is null ? null : "true"));
        foreach (var (value, words, _) in Choices)
        {
            select.InnerHtml.AppendHtml(Element("option", words, ("value", value), ("selected", Form[Name] == value ? "selected" : null)));
        }

        output.Content.AppendHtml(Element("label", Label, ("for", Name))).AppendHtml(select);
        AppendRemarks(output);
    }
}

/// <summary>
/// Goes around a page's forms. Puts above them everything that is wrong, with the focus, or what was done just before.
/// </summary>
[HtmlTargetElement("form-frame")]
public sealed class FormFrameTagHelper : TagHelper
{
    /// <summary>So many errors are listed above the form; all stand at their fields.</summary>
    private const int MostListed = 5;

    /// <summary>The view, set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var page = (FormPage)View.ViewData.Model!;
        await output.GetChildContentAsync(); // The fields say their labels.
        output.TagName = null;
        if (!page.Form.IsGood)
        {
            output.PreContent.AppendHtml(Summary(page.Form));
        }
        else if (page.Notice is { } notice)
        {
            output.PreContent.AppendHtml(FieldTagHelper.Element("p", notice, ("class", "notice"), ("data-tone", "live"), ("role", "status")));
        }
    }

    private static TagBuilder Summary(FormEntries form)
    {
        var list = FieldTagHelper.Element("ul");
        foreach (var (field, words) in form.Errors.Take(MostListed))
        {
            var item = FieldTagHelper.Element("li");
            item.InnerHtml.AppendHtml(field is not null && form.Labels.TryGetValue(field, out string? label)
                ? FieldTagHelper.Element("a", label + (char.IsPunctuation(label[^1]) ? " " : ": ") + words, ("href", "#" + field))
                : FieldTagHelper.Element("span", words));
            list.InnerHtml.AppendHtml(item);
        }

        if (form.Errors.Count > MostListed)
        {
            list.InnerHtml.AppendHtml(FieldTagHelper.Element("li", form.MoreWords(form.Errors.Count - MostListed)));
        }

        var summary = FieldTagHelper.Element("div", null, ("class", "form-errors"), ("role", "alert"), ("tabindex", "-1"), ("autofocus", "autofocus"));
        summary.InnerHtml.AppendHtml(FieldTagHelper.Element("h2", form.Heading)).AppendHtml(list);
        return summary;
    }
}
