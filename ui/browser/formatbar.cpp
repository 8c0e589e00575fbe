// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/formatbar.h"

#include "core/formats/charset.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString nameOf(const FormatStep &step)
{
    const QString name = QString::fromLatin1(infoOf(step.id).name);
    if (step.id == FormatId::Protobuf && !step.option.isEmpty())
        return u"Protobuf "_s + step.option.mid(step.option.lastIndexOf(u'.') + 1);
    return step.option.isEmpty() ? name : name + u' ' + step.option;
}

/// The options that the menu offers: for text, the charsets; for a prefix, usual lengths in bytes.
QStringList optionsOf(const FormatInfo &info)
{
    if (info.id == FormatId::Text || info.id == FormatId::Charset)
        return knownCharsets();
    if (info.id == FormatId::Prefix)
        return {u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s, u"8"_s, u"12"_s, u"16"_s};
    return QString::fromLatin1(info.options).split(u' ', Qt::SkipEmptyParts);
}

/// Adds the formats of one kind, with a submenu for those that have options.
void fillMenu(QMenu *menu, FormatKind kind, const std::function<void(const FormatStep &)> &choose)
{
    for (const FormatInfo &info : allFormats()) {
        if (info.kind != kind)
            continue;
        const QStringList options = optionsOf(info);
        if (options.size() < 2) {
            menu->addAction(QString::fromLatin1(info.name), menu, [choose, id = info.id] { choose({id, {}}); });
            continue;
        }
        QMenu *inner = menu->addMenu(QString::fromLatin1(info.name));
        for (const QString &option : options)
            inner->addAction(option, inner, [choose, id = info.id, option] { choose({id, option}); });
    }
}

} // namespace

FormatBar::FormatBar(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_chips(new QWidget(this))
    , m_chipLayout(new QHBoxLayout(m_chips))
    , m_badge(plainLabel(tr("detected"), "muted", this))
    , m_keep(new QPushButton(this))
    , m_form(new SegmentedControl({tr("Text"), tr("Tree"), tr("Hex")}, this))
{
    m_chipLayout->setContentsMargins(0, 0, 0, 0);
    m_chipLayout->setSpacing(4);
    m_badge->setFont(Theme::smallFont());
    m_badge->setToolTip(tr("Detected from the bytes"));
    m_form->setAccessibleName(tr("Show as"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 7, 8, 7);
    layout->setSpacing(8);
    layout->addWidget(m_chips);
    layout->addWidget(m_badge);
    layout->addWidget(m_keep);
    layout->addStretch(1);
    layout->addWidget(m_form);
    m_more = new QToolButton(this);
    m_more->setIcon(themedIcon(u"more"_s, theme));
    m_more->setToolTip(tr("Append, increment, from a file, to a file"));
    m_more->setAccessibleName(tr("More actions with the value"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->hide();
    layout->addWidget(m_more);
    m_keep->setProperty("link", true);
    m_keep->hide();
    connect(m_keep, &QPushButton::clicked, this, &FormatBar::keepRequested);
    connect(m_form, &SegmentedControl::currentChanged, this, &FormatBar::formChanged);
    makeChips();
}

void FormatBar::setMenu(QMenu *menu)
{
    m_more->setMenu(menu);
    m_more->show();
}

void FormatBar::setChain(const FormatChain &chain, bool detected)
{
    m_detected = detected;
    m_badge->setVisible(detected);
    if (m_chain == chain && m_chipLayout->count() > 1)
        return;
    m_chain = chain;
    makeChips();
}

void FormatBar::offerKeeping(const QString &pattern)
{
    m_keep->setText(tr("keep for %1").arg(pattern.size() > 40 ? u'…' + pattern.right(39) : pattern));
    m_keep->setVisible(!pattern.isEmpty());
}

void FormatBar::setChainShown(bool shown)
{
    m_chips->setVisible(shown);
    m_badge->setVisible(shown && m_detected);
}

FormatBar::Form FormatBar::form() const
{
    return Form(m_form->current());
}

void FormatBar::setForm(Form form)
{
    m_form->setCurrent(int(form));
}

void FormatBar::replaceStep(qsizetype at, const FormatStep &step)
{
    FormatChain chain = m_chain;
    if (at < chain.steps.size())
        chain.steps[at] = step;
    else
        chain.steps.append(step);
    Q_EMIT chainChosen(chain);
}

void FormatBar::chooseForm(const FormatStep &form)
{
    const bool hasForm = !m_chain.steps.isEmpty() && infoOf(m_chain.steps.last().id).kind == FormatKind::Final;
    replaceStep(m_chain.steps.size() - (hasForm ? 1 : 0), form);
}

void FormatBar::makeChips()
{
    while (QLayoutItem *item = m_chipLayout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_chipLayout->addWidget(plainLabel(tr("Shown as"), "muted", m_chips));
    for (qsizetype i = 0; i < m_chain.steps.size(); ++i) {
        const FormatStep &step = m_chain.steps[i];
        if (i > 0)
            m_chipLayout->addWidget(plainLabel(u"→"_s, "muted", m_chips));
        auto *chip = new QPushButton(nameOf(step), m_chips);
        chip->setToolTip(step.option.isEmpty() ? tr("Choose another format")
                                               : tr("%1. Choose another format").arg(step.option));
        auto *menu = new QMenu(chip);
        const bool isStep = infoOf(step.id).kind == FormatKind::Step;
        fillMenu(menu, isStep ? FormatKind::Step : FormatKind::Final,
                 [this, i](const FormatStep &chosen) { replaceStep(i, chosen); });
        menu->addSeparator();
        if (!isStep)
            menu->addAction(tr("Protocol Buffers with .proto files…"), this, &FormatBar::protoTypeRequested)
                ->setObjectName(u"protoTypes"_s);
        if (isStep)
            menu->addAction(tr("Remove this step"), menu, [this, i] {
                FormatChain chain = m_chain;
                chain.steps.removeAt(i);
                Q_EMIT chainChosen(chain);
            });
        menu->addAction(tr("Detect again"), menu, [this] { Q_EMIT detectRequested(); });
        chip->setMenu(menu);
        m_chipLayout->addWidget(chip);
    }
    auto *add = new QToolButton(m_chips);
    add->setIcon(themedIcon(u"plus"_s, m_theme));
    add->setToolTip(tr("Unpack first"));
    add->setAccessibleName(add->toolTip());
    auto *menu = new QMenu(add);
    fillMenu(menu, FormatKind::Step, [this](const FormatStep &chosen) {
        FormatChain chain = m_chain;
        qsizetype at = 0;
        while (at < chain.steps.size() && infoOf(chain.steps[at].id).kind == FormatKind::Step)
            ++at;
        chain.steps.insert(at, chosen);
        Q_EMIT chainChosen(chain);
    });
    add->setMenu(menu);
    add->setPopupMode(QToolButton::InstantPopup);
    m_chipLayout->addWidget(add);
}

} // namespace slotscope
