// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/adviceview.h"

#include "core/base/text.h"
#include "core/models/configmodel.h"
#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostNodesListed = 6;

/// A command to copy, with a button for that.
QWidget *commandLine(const QString &command, const Theme &theme, QWidget *parent)
{
    auto *line = new QWidget(parent);
    auto *text = new ElidedLabel(command, Qt::ElideRight, line);
    text->setFont(Theme::monoFont());
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *copy = new QPushButton(themedIcon(u"copy"_s, theme), {}, line);
    copy->setProperty("quiet", true);
    copy->setAccessibleName(AdviceView::tr("Copy the command"));
    copy->setToolTip(AdviceView::tr("Copy the command"));
    QObject::connect(copy, &QPushButton::clicked, copy, [command] { QGuiApplication::clipboard()->setText(command); });
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text, 1);
    layout->addWidget(copy);
    return line;
}

} // namespace

AdviceView::AdviceView(PageContext &context, ConfigModel &model, QWidget *parent)
    : QScrollArea(parent), m_context(context), m_model(model)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Advice"));
    connect(&model, &ConfigModel::compared, this, [this] {
        if (isVisible())
            update();
    });
}

bool AdviceView::isFilled() const
{
    return m_model.nodesRead() > 0;
}

void AdviceView::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    update();
    Q_EMIT readingWanted();
}

void AdviceView::update()
{
    const ClusterViewPtr view = m_context.view();
    m_advice = view ? advise(m_model.nodes(), *view) : std::vector<Advice>();
    m_content = new QWidget(this);
    m_layout = new QVBoxLayout(m_content);
    m_layout->setContentsMargins(0, 0, 8, 0);
    m_layout->setSpacing(8);
    const int read = m_model.nodesRead(), all = int(m_model.nodes().size());
    QString head = read == 0 ? tr("Nothing has been read yet.")
        : m_advice.empty()   ? tr("No recommendations for the settings that were read.")
                             : counted(qint64(m_advice.size()), tr("1 recommendation"), tr("%1 recommendations"));
    if (read > 0 && read < all)
        head += u' ' + tr("Only %1 of %2 nodes returned their settings.").arg(read).arg(all);
    m_layout->addWidget(wrappedLabel(head, "muted", m_content));
    for (const Advice &each : m_advice)
        addCard(each);
    if (read > 0)
        addNotSeen();
    m_layout->addStretch();
    setWidget(m_content); // also deletes the previous widget
}

void AdviceView::addCard(const Advice &advice)
{
    const char *tone = advice.weight == Advice::Weight::Error ? "error"
        : advice.weight == Advice::Weight::Warning            ? "warn"
                                                              : "note";
    auto *card = new QFrame(m_content);
    card->setProperty("finding", QString::fromLatin1(tone));
    card->setAccessibleName(advice.title);
    QLabel *title = wrappedLabel((advice.weight == Advice::Weight::Note ? QString() : u"▲ "_s) + advice.title,
                                 advice.weight == Advice::Weight::Note ? nullptr : tone, card);
    title->setFont(Theme::strongFont());
    auto *setting = new QPushButton(toDisplay(advice.setting), card);
    setting->setProperty("quiet", true);
    setting->setFont(Theme::monoFont());
    setting->setToolTip(tr("Show the setting"));
    connect(setting, &QPushButton::clicked, this, [this, name = advice.setting] { Q_EMIT settingChosen(name); });
    auto *head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(setting, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(14, 10, 10, 10);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(wrappedLabel(advice.why, nullptr, card));
    const bool isEverywhere = int(advice.nodes.size()) == m_model.nodesRead();
    const QString where = isEverywhere          ? tr("On every node that returned its settings.")
        : advice.nodes.size() > mostNodesListed ? tr("On %1 and %2 more.")
                                                      .arg(advice.nodes.mid(0, mostNodesListed).join(u", "_s))
                                                      .arg(advice.nodes.size() - mostNodesListed)
                                                : tr("On %1.").arg(advice.nodes.join(u", "_s));
    layout->addWidget(wrappedLabel(where, "muted", card));
    if (!advice.command.isEmpty())
        layout->addWidget(commandLine(advice.command, m_context.theme(), card));
    m_layout->addWidget(card);
}

void AdviceView::addNotSeen()
{
    auto *card = new QFrame(m_content);
    card->setProperty("finding", u"note"_s);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(14, 10, 10, 10);
    layout->setSpacing(4);
    QLabel *title = wrappedLabel(tr("Not visible through the server: check on its machine"), nullptr, card);
    title->setFont(Theme::strongFont());
    layout->addWidget(title);
    for (const auto &[what, command] : adviceNotSeen()) {
        layout->addWidget(wrappedLabel(what, "muted", card));
        layout->addWidget(commandLine(command, m_context.theme(), card));
    }
    m_layout->addWidget(card);
}

} // namespace slotscope
