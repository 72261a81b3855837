// The one place where requests are let through or not. Decided from what the endpoint says of itself:
//
//   [AllowAnonymous]  anybody: STOP, sign-in, trust, the shell of the installed app
//   [Needs(…)]        somebody signed in with those rights
//   nothing           somebody signed in
//
// Before the first person is set up, whoever sits at this computer is the owner.

using Microneedling.Tablet.Api;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;

namespace Microneedling.Tablet.Identity;

/// <summary>Lets requests through to those who may make them.</summary>
public static class Gate
{
    /// <summary>Where people sign in.</summary>
    public const string SignInPath = "/signin";

    private const string LivePath = "/api/live";

    /// <summary>Finds out who asks and refuses what they may not. After routing.</summary>
    public static void UseGate(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path == StopEndpoint.Path)
        {
            await next(context); // Waits for nothing: not even for a look at the record.
            return;
        }

        var signIn = await RecognizeAsync(context);
        var person = context.FindPerson();
        var endpoint = context.GetEndpoint();
        bool isOpenToAll = endpoint is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isOpenToAll && person is null)
        {
            await RefuseUnknownAsync(context);
        }
        else if (!isOpenToAll && !endpoint!.Metadata.GetOrderedMetadata<NeedsAttribute>().All(needs => needs.AreMetBy(person!, context.IsAtThisComputer())))
        {
            await RefuseUnentitledAsync(context);
        }
        else if (signIn is not null && context.Request.Path == LivePath)
        {
            await StreamAsync(context, signIn, next);
        }
        else
        {
            await next(context);
        }
    });

    private static async Task<SignIn?> RecognizeAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (context.SignInId() is { } id)
        {
            // A page's own stream is no sign that somebody is there.
            bool isTouch = context.Request.Path != LivePath;
            var found = await services.GetRequiredService<SignIns>().FindAsync(id, isTouch);
            context.SetPerson(found is { } open ? SignedInPerson.Of(open.Person) : null);
            return found?.SignIn;
        }

        bool isOwner = context.IsAtThisComputer() && (await services.GetRequiredService<PeopleDirectory>().ReadAsync()).Count == 0;
        context.SetPerson(isOwner ? SignedInPerson.Owner : null);
        return null;
    }

    /// <summary>A live stream lasts no longer than the sign-in.</summary>
    private static async Task StreamAsync(HttpContext context, SignIn signIn, RequestDelegate next)
    {
        string page = context.Request.Query["page"].ToString();
        signIn.Watch(page);
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, signIn.Ended);
            context.RequestAborted = ending.Token;
            await next(context);
        }
        finally
        {
            signIn.Leave(page);
        }
    }

    private static Task RefuseUnknownAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsApi(request))
        {
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, "signin.needed", "SignIn");
        }

        string back = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : request.Path;
        context.Response.Redirect(UriHelper.BuildRelative(path: SignInPath, query: QueryString.Create("return", back)));
        return Task.CompletedTask;
    }

    private static Task RefuseUnentitledAsync(HttpContext context)
    {
        if (IsApi(context.Request))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "signin.notEntitled", "Rights");
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden; // The page in words is Pages/Refused.
        return Task.CompletedTask;
    }

    internal static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    internal static Task RefuseAsync(HttpContext context, int status, string text, string reason) => TypedResults.Problem(
        title: Texts.Of(context.Request)[text],
        statusCode: status,
        extensions: new Dictionary<string, object?> { ["reason"] = reason }).ExecuteAsync(context);
}
