using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Microneedling.Tablet.Api;

/// <summary>Turns every expected refusal into problem details whose title is what the person reads, in the person's language.</summary>
public sealed class WordsFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (Exception problem) when (problem is DeviceException or TimeoutException or DeskRefusedException or RecordRefusedException or SessionStoreException or BadRequestException)
        {
            return ProblemOf(problem, Texts.Of(context.HttpContext.Request));
        }
    }

    private static ProblemHttpResult ProblemOf(Exception problem, Texts texts) => problem switch
    {
        RejectedException refusal => Problem(
            texts.Of(refusal), IsOutOfRange(refusal.Reason) ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict, refusal.Reason.ToString()),
        LinkException lost => Problem(texts.Of(lost), StatusCodes.Status503ServiceUnavailable, "Link"),
        DeviceException faulted => Problem(texts.Of(faulted), StatusCodes.Status409Conflict, "Faulted"),
        TimeoutException late => Problem(late.Message, StatusCodes.Status504GatewayTimeout, "Timeout"),
        DeskRefusedException refusal => Problem(
            texts[$"refusals.{refusal.Code}", [.. refusal.Values]],
            refusal.Code is "depthAboveCap" or "areaOutOfRange" or "zoneUnknown" or "reasonLength" ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict,
            refusal.Code),
        RecordRefusedException refusal => Problem(texts.Find($"refusals.{refusal.Code}") ?? refusal.Message, StatusCodes.Status400BadRequest, refusal.Code),
        SessionStoreException unwritten => Problem(texts["refusals.recordFailed", unwritten.Message], StatusCodes.Status500InternalServerError, "Record"),
        BadRequestException bad => Problem(texts[$"refusals.{bad.Code}", bad.Example], StatusCodes.Status400BadRequest, "BadRequest"),
        _ => throw new ArgumentException($"{problem.GetType().Name} is not an expected refusal.", nameof(problem), problem),
    };

    private static bool IsOutOfRange(RejectionReason reason) => reason is
        RejectionReason.DepthTooShallow or RejectionReason.DepthAboveCap or RejectionReason.SupervisorRequired
        or RejectionReason.DepthAboveAbsolute or RejectionReason.RateTooLow or RejectionReason.RateTooHigh or RejectionReason.BurstTooLong;

    private static ProblemHttpResult Problem(string words, int status, string reason) =>
        TypedResults.Problem(title: words, statusCode: status, extensions: new Dictionary<string, object?> { ["reason"] = reason });
}
