using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Device;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Microneedling.Tablet.Api;

/// <summary>Turns every expected refusal into problem details whose title is what the person reads.</summary>
public sealed class WordsFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RejectedException refusal)
        {
            int status = IsOutOfRange(refusal.Reason) ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict;
            return Problem(refusal.Message, status, refusal.Reason.ToString());
        }
        catch (LinkException lost)
        {
            return Problem(lost.Message, StatusCodes.Status503ServiceUnavailable, "Link");
        }
        catch (DeviceException refusal)
        {
            return Problem(refusal.Message, StatusCodes.Status409Conflict, refusal.GetType().Name.Replace("Exception", "", StringComparison.Ordinal));
        }
        catch (TimeoutException late)
        {
            return Problem(late.Message, StatusCodes.Status504GatewayTimeout, "Timeout");
        }
        catch (NotInControlException refusal)
        {
            return Problem(refusal.Message, StatusCodes.Status409Conflict, "NotInControl");
        }
        catch (SessionStoreException problem)
        {
            return Problem($"The session cannot be recorded, so the device was stopped. {problem.Message}", StatusCodes.Status500InternalServerError, "Record");
        }
        catch (BadRequestException bad)
        {
            return Problem(bad.Message, StatusCodes.Status400BadRequest, "BadRequest");
        }
    }

    private static bool IsOutOfRange(RejectionReason reason) => reason is
        RejectionReason.DepthTooShallow or RejectionReason.DepthAboveCap or RejectionReason.SupervisorRequired
        or RejectionReason.DepthAboveAbsolute or RejectionReason.RateTooLow or RejectionReason.RateTooHigh or RejectionReason.BurstTooLong;

    private static ProblemHttpResult Problem(string words, int status, string reason) =>
        TypedResults.Problem(title: words, statusCode: status, extensions: new Dictionary<string, object?> { ["reason"] = reason });
}
