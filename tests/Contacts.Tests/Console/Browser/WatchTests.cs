using Contacts.Tests.Support;

namespace Contacts.Tests.Console.Browser;

/// <summary>The watch over the pages sees what it is there for: a test that can't fail says nothing.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "Browser")]
public sealed class WatchTests(Chromium chromium, TestServer server)
{
    [Theory]
    [InlineData("console.error('broken')", "console error: broken")]
    [InlineData("setTimeout(() => { throw new Error('thrown') })", "script: Error: thrown")]
    [InlineData("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')", "policy: style-src-attr")]
    [InlineData("document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked=1' }))", "policy: script-src-elem inline")]
    [InlineData("await (await fetch('sign-in?link=none')).text()", "/console/sign-in?link=none 403")]
    [InlineData("await fetch('https://elsewhere.example/').catch(() => 0)", "policy: connect-src https://elsewhere.example")]
    [InlineData("setTimeout(() => alert('hello'))", "dialog: hello")]
    public async Task A_fault_of_a_page_is_noted(string script, string fault)
    {
        var tab = await Tab.OpenAsync(chromium, server, new Reader());
        await tab.GoAsync("sign-in");
        await tab.Page.EvaluateAsync($"async () => {{ {script}; await new Promise(done => setTimeout(done)) }}");
        var faults = await tab.CloseAsync();
        faults.ShouldContain(found => found.Contains(fault, StringComparison.Ordinal), string.Join('\n', faults));
    }

    [Fact]
    public async Task What_a_stranger_made_what_nobody_can_read_and_what_is_too_wide_are_seen()
    {
        var tab = await Tab.OpenAsync(chromium, server, new Reader());
        await tab.GoAsync("sign-in");
        await tab.Page.EvaluateAsync("() => { document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=\"javascript:alert(1)\">x</a>') }");
        (await Record.ExceptionAsync(() => Look.IsInertAsync(tab.Page))).ShouldNotBeNull().Message.ShouldContain("javascript:alert");

        await tab.Page.EvaluateAsync("() => { document.querySelector('main').insertAdjacentHTML('beforeend', '<input name=nameless>') }");
        (await Record.ExceptionAsync(() => Look.IsAccessibleAsync(tab.Page))).ShouldNotBeNull().Message.ShouldContain("nameless");

        await tab.Page.EvaluateAsync("() => { document.querySelector('main').insertAdjacentHTML('beforeend', `<b>${'x'.repeat(500)}</b>`) }");
        (await Record.ExceptionAsync(() => Look.FitsPhoneAsync(tab.Page))).ShouldNotBeNull().Message.ShouldContain("xxxx");
        await tab.CloseAsync();
    }
}
